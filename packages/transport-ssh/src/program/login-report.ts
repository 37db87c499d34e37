import { toPlainLine } from "@unitrain/core/spec";

/** What `ssh -v` printed about the login to one host. */
export interface LoginReport {
  /** Type (`ED25519`) and fingerprint (`SHA256:…`) of the key or certificate of the host. */
  readonly hostKey: { readonly kind: string; readonly fingerprint: string } | undefined;
  /** File and line of the key that vouches for the host in known_hosts. */
  readonly trustedAt: { readonly file: string; readonly line: number } | undefined;
  /** Why the certificate of the host is invalid: `expired`. */
  readonly invalidCertificate: string | undefined;
  readonly isRevoked: boolean;
  /** File and line of a different key that is known for the host. */
  readonly offendingAt: string | undefined;
  readonly isHostRefused: boolean;
  /** The login succeeded, so an error comes from a later step. */
  readonly isAuthenticated: boolean;
  /** Why the host cannot reach the next one. */
  readonly openFailed: string | undefined;
  /** Keys that were offered, by their names in ssh. */
  readonly offeredKeys: readonly string[];
  /** An accepted key is in a hardware security key. */
  readonly usedFido: boolean;
  /** Methods that the server still accepted when it refused the login. */
  readonly refusedWith: readonly string[] | undefined;
  readonly isPartial: boolean;
  readonly hasTooMany: boolean;
  /** The last line that is not debugging output. */
  readonly lastMessage: string;
}

/** Parses the output of `ssh -v` into one report per host, also for hosts that a further ssh process logged in to. */
export function parseLoginLog(text: string): readonly LoginReport[] {
  const [before = "", ...sections] = text.split(/^debug1: Authenticating to .*$/m);
  return sections.length === 0 ? [parseSection(before)] : sections.map(parseSection);
}

function parseSection(text: string): LoginReport {
  const match = (pattern: RegExp) => pattern.exec(text) ?? [];
  const [, type, fingerprint] = match(/Server host (?:key|certificate): (\S+) (SHA256:[^\s,]+)/);
  const [, file, line] = match(/Found (?:CA )?key in (.*):(\d+)/);
  const [, methods] = match(/Permission denied \(([^)]*)\)/);
  return {
    hostKey:
      type === undefined || fingerprint === undefined
        ? undefined
        : { kind: formatKeyType(type), fingerprint },
    trustedAt: file === undefined ? undefined : { file, line: Number(line) },
    invalidCertificate: match(/^Certificate invalid: (.*?)\r?$/m)[1],
    isRevoked: /REVOKED HOST KEY DETECTED/.test(text),
    offendingAt: match(/Offending .*key in (.*:\d+)/)[1],
    isHostRefused: /Host key verification failed/.test(text),
    isAuthenticated: /^Authenticated to /m.test(text),
    openFailed: match(/^channel \d+: open failed: (.*?)\r?$/m)[1],
    offeredKeys: [...text.matchAll(/Offering public key: (.*?) SHA256:/g)].flatMap(([, key]) => key ?? []),
    usedFido: /Server accepts key: .* \S+-SK(?:-CERT)? SHA256/.test(text),
    refusedWith: methods?.split(","),
    isPartial: /with partial success/.test(text),
    hasTooMany: /Too many authentication failures/.test(text),
    lastMessage: findLastMessage(text),
  };
}

/** Finds the last line that is not debugging output, and removes control characters. */
export function findLastMessage(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^(debug\d:|OpenSSH_)/.test(line));
  return toPlainLine(lines.at(-1) ?? "").trim();
}

/** Formats the type of a key or of a certificate's key for people: `ED25519`. */
function formatKeyType(type: string): string {
  return type.replace(/^ssh-|^ecdsa-sha2-|-cert-v01@openssh\.com$/g, "").toUpperCase();
}
