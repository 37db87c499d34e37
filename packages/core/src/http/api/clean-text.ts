import { toPlainLine } from "../../spec/index.ts";

const maxShownChars = 300;
const maxReadChars = 20_000;

/** Makes a server's text fit for an error: one short line without a final period, escape codes and our secrets. */
export function cleanText(text: string, secrets: Iterable<string>): string {
  // Mask secrets before and after, so that an escape code inside a secret does not hide it.
  const cleaned = maskSecrets(toPlainLine(maskSecrets(text.slice(0, maxReadChars), secrets)), secrets)
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "")
    .trimStart();
  return cleaned.length > maxShownChars ? `${cleaned.slice(0, maxShownChars)}…` : cleaned;
}

function maskSecrets(text: string, secrets: Iterable<string>): string {
  let result = text;
  for (const secret of secrets) result = result.replaceAll(secret, "[secret]");
  return result;
}
