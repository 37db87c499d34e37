/** For a person: `12.5 GB`, `64 MB`. */
export function sized(bytes: number): string {
  if (bytes >= 1e9) return `${Number((bytes / 1e9).toFixed(1))} GB`;
  return `${Math.max(1, Math.round(bytes / 1e6))} MB`;
}
