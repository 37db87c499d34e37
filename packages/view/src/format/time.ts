/** Returns the local time of day: `15:42`. */
export function formatTime(millisecondsSince1970: number): string {
  const date = new Date(millisecondsSince1970);
  return `${pad2(date.getHours())}:${pad2(date.getMinutes())}`;
}

/** Returns the local time of day with seconds: `15:42:07`. */
export function formatTimeWithSeconds(millisecondsSince1970: number): string {
  return `${formatTime(millisecondsSince1970)}:${pad2(new Date(millisecondsSince1970).getSeconds())}`;
}

/** Returns the local date and time of day: `2026-11-24 15:42`. What is not a date is returned as it is. */
export function formatDateTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())} ${formatTime(date.getTime())}`;
}

/** Returns the name of the local month: `November`. */
export function formatMonth(millisecondsSince1970: number): string {
  return months[new Date(millisecondsSince1970).getMonth()] ?? "";
}

// Not Intl: loading it takes longer than listing 200 runs.
const months = "January February March April May June July August September October November December".split(
  " ",
);

function pad2(value: number): string {
  return String(value).padStart(2, "0");
}
