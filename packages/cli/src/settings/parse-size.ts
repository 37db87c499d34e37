const units: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 };

/** Returns the bytes in `20GB`, `500 MB` or `1e9`, or undefined if the text is not a size. */
export function parseSize(text: string): number | undefined {
  const [, figure = "", unit = ""] = /^\s*(\d+(?:\.\d+)?(?:e\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const bytes = Math.round(Number(figure) * (units[unit.toLowerCase()] ?? Number.NaN));
  return figure !== "" && Number.isSafeInteger(bytes) ? bytes : undefined;
}
