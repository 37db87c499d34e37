const units = ["B", "kB", "MB", "GB", "TB", "PB"];

/** Formats a size in powers of 1000, as shops and file managers do: `6.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 && value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit]}`;
}

/** Formats an amount in dollars and cents: `$1.43`. A positive amount below half a cent becomes `<$0.01`, so it never looks like zero. */
export function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.005) return "<$0.01";
  return `$${usd.toFixed(2)}`;
}

/** Formats a number with thousands separators: `10,825`. */
export function formatNumber(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  // Not Intl: loading it takes longer than listing 200 runs.
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** Formats a count with its noun in singular or plural: `1 file`, `10,825 files`, `2 classes`. */
export function formatCount(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatNumber(value)} ${value === 1 ? noun : plural}`;
}

/** Formats a transfer rate in bits: `92 Mbit/s`. */
export function formatBitRate(bytesPerSecond: number): string {
  return `${Math.round((bytesPerSecond * 8) / 1e6)} Mbit/s`;
}

/** Formats milliseconds as seconds: `90 s`, `0.5 s`. */
export function formatSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

/** Formats milliseconds as minutes: `10 minutes`, `1 minute`, `0.5 minutes`. */
export function formatMinutes(ms: number): string {
  return formatCount(Math.round(ms / 6_000) / 10, "minute");
}
