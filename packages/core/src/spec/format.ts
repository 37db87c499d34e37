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
