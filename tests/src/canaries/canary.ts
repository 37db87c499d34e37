import { randomBytes } from "node:crypto";

/** A secret that is planted in one place, and must be found in no other. */
export interface Canary {
  /** The place where it enters: `--secret`, `the provider's key`. */
  readonly place: string;
  readonly value: string;
}

/** Letters and digits, in a form that no pattern of known keys matches. */
export function createCanary(place: string): Canary {
  return { place, value: `Zq${randomBytes(7).toString("hex")}Kv${randomBytes(7).toString("hex")}` };
}

/** A value that looks different in JSON, a URL, a shell, XML and Python, because each of them has to quote some of it. */
export function createQuotedCanary(place: string): Canary {
  const [first, second] = [randomBytes(7).toString("hex"), randomBytes(7).toString("hex")];
  return { place, value: `Zq${first}/'"$&%\\é <+${second}Kv` };
}

/** Returns the value as a URL takes it. */
export const asUrlPart = ({ value }: Canary): string => encodeURIComponent(value);

export interface CanaryForm {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * Lists the forms in which a canary is searched for. This list is independent of the sanitizer's own, which it is meant to check.
 * Halves are included, because half of a secret is a leak too.
 */
export function listCanaryForms({ value }: Canary): readonly CanaryForm[] {
  const bytes = Buffer.from(value, "utf8");
  const json = JSON.stringify(value).slice(1, -1);
  const hex = bytes.toString("hex");
  const forms: Record<string, string> = {
    raw: value,
    "its first half": value.slice(0, 16),
    "its second half": value.slice(-16),
    JSON: json,
    "JSON in JSON": JSON.stringify(json).slice(1, -1),
    hex,
    "upper-case hex": hex.toUpperCase(),
    "URL-encoded": encodeURIComponent(value),
    "each byte URL-encoded": hex.replaceAll(/../g, "%$&"),
    "each byte URL-encoded in upper case": hex.toUpperCase().replaceAll(/../g, "%$&"),
  };
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // The characters that depend only on the canary.
    const core = encoded.slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6));
    forms[`base64 with ${before} bytes before it`] = core;
    forms[`base64url with ${before} bytes before it`] = core.replaceAll("+", "-").replaceAll("/", "_");
  }
  const distinct = new Map<string, string>();
  // Of equal forms the first one gives the name.
  for (const [name, form] of Object.entries(forms)) if (!distinct.has(form)) distinct.set(form, name);
  return [...distinct].map(([form, name]) => ({ name, bytes: Buffer.from(form, "utf8") }));
}
