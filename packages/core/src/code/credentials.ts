import { closeSync, openSync, readSync } from "node:fs";

/** File names that are reserved for secrets. Templates of such files hold none. */
const credentialFileNames = new RegExp(
  [
    String.raw`\.env(?:\..+)?`,
    String.raw`.*\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ovpn|ppk)`,
    "id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?",
    String.raw`\.(?:netrc|npmrc|pypirc|pgpass|htpasswd|git-credentials|dockercfg)`,
    String.raw`(?:client_)?(?:secrets?|credentials?)(?:\.(?:json|ya?ml|toml|ini|cfg|env))?`,
    String.raw`service[-_]?account.*\.json`,
    String.raw`kaggle\.json|kubeconfig`,
  ]
    .map((name) => `^(?:${name})$`)
    .join("|"),
  "i",
);
const templateName = /(?:example|sample|template|dist)$/i;

const searchedBytes = 256 * 1024;
const privateKey = /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/;
/** A user name and a password before a host. `placeholder` sorts out variables and examples. */
const addressWithPassword = /\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s:/@'"<>]{1,80}:([^\s:/@'"<>]{3,200})@[\w.[-]/i;
const placeholder = /^(?:[${%<*]|x+$|\.+$|password$|pass$|secret$|token$)/i;

/** Returns why a file appears to contain a credential; undefined when it does not. Reads its first 256 KiB. */
export function findCredential(path: string, file: string): string | undefined {
  const name = path.split("/").at(-1) ?? path;
  if (credentialFileNames.test(name) && !templateName.test(name))
    return "files of that name hold credentials";
  const text = readBeginning(file);
  if (text === undefined) return undefined;
  if (privateKey.test(text)) return "it holds a private key";
  const password = addressWithPassword.exec(text)?.[1];
  return password === undefined || placeholder.test(password)
    ? undefined
    : "it holds an address with a password";
}

/** Returns the first 256 KiB as text; undefined for binary files. */
function readBeginning(file: string): string | undefined {
  const buffer = Buffer.alloc(searchedBytes);
  const opened = openSync(file, "r");
  try {
    const bytes = buffer.subarray(0, readSync(opened, buffer, 0, searchedBytes, 0));
    return bytes.includes(0) ? undefined : bytes.toString("utf8");
  } finally {
    closeSync(opened);
  }
}
