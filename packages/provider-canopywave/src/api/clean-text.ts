import { stripVTControlCharacters } from "node:util";

const maxShownChars = 300;
const maxReadChars = 20_000;

/** Makes a server's text fit for an error: one short line without a final period, escape codes and our secrets. */
export function cleanText(text: string, secrets: Iterable<string>): string {
  // Mask secrets before and after, so that an escape code inside a secret does not hide it.
  const cleaned = maskSecrets(
    stripControlCharacters(maskSecrets(text.slice(0, maxReadChars), secrets)),
    secrets,
  )
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "")
    .trimStart();
  return cleaned.length > maxShownChars ? `${cleaned.slice(0, maxShownChars)}…` : cleaned;
}

/** Removes escape codes and other characters that control a terminal. */
export function stripControlCharacters(text: string): string {
  return stripVTControlCharacters(text).replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are removed, also the 8-bit ones and text direction.
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    "",
  );
}

function maskSecrets(text: string, secrets: Iterable<string>): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, "[secret]");
  return result;
}
