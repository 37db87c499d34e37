/** What `ssh -v` told about the login to one host. */
export interface LoginReport {
  /** `ED25519` and `SHA256:…`, of the key or certificate that the host has shown. */
  readonly hostKey: { readonly kind: string; readonly fingerprint: string } | undefined;
  /** Where the key that vouches for the host stands in a known_hosts file. */
  readonly trustedAt: { readonly file: string; readonly line: number } | undefined;
  /** Why a certificate of the host does not count: `expired`. */
  readonly invalidCertificate: string | undefined;
  readonly isRevoked: boolean;
  /** The line of another key that is known for the host. */
  readonly offendingAt: string | undefined;
  readonly isHostRefused: boolean;
  /** It let us in; what went wrong is behind it. */
  readonly isAuthenticated: boolean;
  /** Why it does not reach the next host. */
  readonly openFailed: string | undefined;
  /** Keys that were offered, as ssh names them. */
  readonly offeredKeys: readonly string[];
  /** One of the keys that were accepted lies in a security key. */
  readonly usedFido: boolean;
  /** What the server would still take when it refused the login. */
  readonly refusedWith: readonly string[] | undefined;
  readonly isPartial: boolean;
  readonly hasTooMany: boolean;
  /** The last line that is meant for people. */
  readonly lastMessage: string;
}

/** Reads what `ssh -v` wrote, hop by hop: each of them begins with its own line, also those that other ssh processes logged in to. */
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

/** The last line that is not debugging output, without control characters. */
export function findLastMessage(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^(debug\d:|OpenSSH_)/.test(line));
  return (lines.at(-1) ?? "").replaceAll(/\p{Cc}+/gu, " ").trim();
}

/** `ED25519`, as people say it, also of the key in a certificate. */
function formatKeyType(type: string): string {
  return type.replace(/^ssh-|^ecdsa-sha2-|-cert-v01@openssh\.com$/g, "").toUpperCase();
}
