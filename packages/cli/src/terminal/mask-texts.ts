import { createSanitizer } from "@unitrain/core";
import { knownSecrets } from "./known-secrets.ts";

/** Masks known secrets, and what looks like one, in every text of a value. What core reports is masked already; a typed word that an error quotes is not. */
export function maskTexts<T>(value: T): T {
  if (typeof value === "string") return maskText(value) as T;
  if (Array.isArray(value)) return value.map(maskTexts) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, maskTexts(entry)])) as T;
}

function maskText(text: string): string {
  const sanitizer = createSanitizer({ secrets: knownSecrets });
  return Buffer.concat([sanitizer.write(text), sanitizer.end(true)]).toString("utf8");
}
