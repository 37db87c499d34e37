import { squeeze } from "./squeeze.ts";

/** Shorter forms are ignored, because they would mask ordinary text. */
const shortestFormBytes = 5;

/** Each line of a multi-line value that has at least this length is a secret itself. */
const shortestLineCharacters = 8;

/**
 * Lists the forms, in bytes, in which a secret may appear in the output of programs: raw, base64 and base64url at each alignment,
 * hex, URL-encoded, JSON-encoded once and twice, Python's `repr`, quoted for a shell or XML, and each line of a multi-line value.
 * There are 10 to 64 forms, and one for each line, together 20 to 100 times as long as the secret. Forms contain no line ends and
 * no terminal colors, because these are ignored in the searched text too.
 */
export function listSecretForms(secret: string): readonly Buffer[] {
  const forms = new Map<string, Buffer>();
  const add = (form: Buffer | string) => {
    const bytes = squeeze(typeof form === "string" ? Buffer.from(form, "utf8") : form);
    if (bytes.length >= shortestFormBytes) forms.set(bytes.toString("latin1"), bytes);
  };
  for (const text of new Set([secret, secret.normalize("NFC"), secret.normalize("NFD")])) {
    for (const form of listTextForms(text)) add(form);
  }
  for (const form of listByteForms(Buffer.from(secret, "utf8"))) add(form);
  const lines = secret.split(/[\r\n]+/).filter((line) => line.length >= shortestLineCharacters);
  if (lines.length > 1 || lines[0] !== secret) for (const line of lines) add(line);
  if (secret.includes("\n")) {
    const windows = secret.replaceAll(/\r?\n/g, "\r\n");
    for (const form of [encodeJson(windows), percentEncode(windows), encodeJson(encodeJson(windows))])
      add(form);
    for (const form of listByteForms(Buffer.from(windows, "utf8"))) add(form);
  }
  return [...forms.values()];
}

/** Lists what follows a line break within the first characters of a secret: the secret without its first one to three bytes. */
export function listFormsAfterLineBreak(secret: string): readonly Buffer[] {
  const bytes = squeeze(Buffer.from(secret, "utf8"));
  return [1, 2, 3].map((cut) => bytes.subarray(cut)).filter(({ length }) => length >= shortestFormBytes);
}

function listTextForms(text: string): readonly string[] {
  const json = encodeJson(text);
  const ascii = escapeToAscii(json);
  const python = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t");
  return [
    text,
    json,
    encodeJson(json),
    ascii,
    encodeJson(ascii),
    json.replaceAll("/", "\\/"),
    python,
    python.replaceAll("'", "\\'"),
    text.replaceAll("'", "'\\''"),
    text.replaceAll("'", `'"'"'`),
    text.replaceAll(/[$`"\\]/g, "\\$&"),
    text.replaceAll(/[^A-Za-z0-9_\u0080-\uffff\n@%+=:,./-]/g, "\\$&"),
    encodeXml(text, "'"),
    encodeXml(text, "&#39;"),
    encodeXml(text, "&apos;"),
    encodeXml(text, "&#x27;"),
    percentEncode(text),
    percentEncode(text).replaceAll("%20", "+"),
    percentEncode(text).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percentEncode(text).replaceAll(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    ),
  ];
}

function listByteForms(bytes: Buffer): readonly string[] {
  const hex = bytes.toString("hex");
  const percent = hex.replaceAll(/../g, "%$&");
  return [
    hex,
    hex.toUpperCase(),
    percent,
    percent.toUpperCase(),
    hex.replaceAll(/../g, "\\x$&"),
    ...listBase64Cores(bytes, "base64"),
    ...listBase64Cores(bytes, "base64url"),
  ];
}

/** Lists, for each alignment in the encoded data, the characters that depend only on the secret and not on its neighbors. */
function listBase64Cores(bytes: Buffer, encoding: "base64" | "base64url"): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString(encoding);
    return text.slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6));
  });
}

function encodeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeToAscii(text: string): string {
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function encodeXml(text: string, apostrophe: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": apostrophe,
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}
