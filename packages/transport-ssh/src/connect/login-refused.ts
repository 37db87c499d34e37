import { UnitrainError } from "@unitrain/core/spec";
import type { Keys } from "../keys/keys.ts";
import { quoteForPaste } from "../target/ssh-command.ts";
import type { Hop } from "../target/target.ts";

/** A refused login. The caller may try another way before it throws the error. */
export interface LoginRefused {
  readonly refusal: UnitrainError;
  readonly hop: Hop;
  /** A person may be able to answer what the server asks for. */
  readonly needsPerson: boolean;
}

export interface RefusedLogin {
  /** The server's message, with a colon before it, or empty. */
  readonly serverMessage: string;
  /** The server accepted no further keys, so that the right one may not have been tried. */
  readonly hasTooMany: boolean;
  /** What the server asks for after it has accepted a key: `keyboard-interactive`. */
  readonly requestedMethods: readonly string[];
}

/** Returns the error for a machine that accepts none of our keys, with commands that reach the same machine. */
export function loginRefusedError(
  hop: Hop,
  keys: Keys,
  { serverMessage, hasTooMany, requestedMethods: wanted }: RefusedLogin,
): UnitrainError {
  const { displayName, keys: sources } = hop;
  const offeredKeys = [
    ...keys.usable.map(({ path }) => path),
    ...(sources.agent === undefined ? [] : [`your agent's (${sources.agent})`]),
  ];
  const offered =
    offeredKeys.length === 0
      ? "There was no key to offer."
      : `Keys that were offered: ${offeredKeys.join(", ")}.`;
  const skipped = keys.skipped.length === 0 ? "" : ` Not offered: ${keys.skipped.join("; ")}.`;
  const sshOnly =
    keys.sshOnlyMethods.length === 0
      ? ""
      : ` Without the ssh program unitrain cannot use ${keys.sshOnlyMethods.join(", ")}.`;
  return new UnitrainError(
    "LOGIN_REFUSED",
    `${displayName} refused the login${serverMessage}. ${offered}${skipped}${sshOnly}`,
    {
      hint: chooseHint(hop, keys, { hasTooMany, requestedMethods: wanted }),
    },
  );
}

function chooseHint(
  hop: Hop,
  keys: Keys,
  { hasTooMany, requestedMethods: wanted }: Omit<RefusedLogin, "serverMessage">,
): string {
  if (hasTooMany) return suggestIdentitiesOnly(hop);
  if (wanted.length > 0) {
    return `The machine accepted the key and asks for ${wanted.join(" or ")} too. Start unitrain at a terminal, where you can answer, or allow this user to log in with a key alone (AuthenticationMethods publickey).`;
  }
  // ssh may log in where we cannot, so trying it would prove nothing.
  return keys.sshOnlyMethods.length > 0 ? suggestPlainKey(hop) : suggestAuthorizing(hop, keys);
}

function suggestPlainKey({ trust }: Hop): string {
  const sshArguments = trust.sshCommand.split(" ").slice(1);
  const copy = ["ssh-copy-id", "-i", "~/.ssh/unitrain.pub", ...sshArguments].join(" ");
  return `Install OpenSSH 7.4 or newer (not on Windows), or use a plain key: create one with \`ssh-keygen -t ed25519 -f ~/.ssh/unitrain\`, copy it to the machine with \`${copy}\`, and set it as IdentityFile in your ~/.ssh/config.`;
}

function suggestIdentitiesOnly({ trust }: Hop): string {
  return `The machine allows only a few keys per login. Set the right one with \`IdentityFile\` and \`IdentitiesOnly yes\` in your ~/.ssh/config, for the host of \`${trust.sshCommand}\`.`;
}

function suggestAuthorizing({ trust }: Hop, { usable, publicKeys }: Keys): string {
  const [program = "ssh", ...sshArguments] = trust.sshCommand.split(" ");
  const login = [program, "-o", "BatchMode=yes", ...sshArguments].join(" ");
  const [key] = usable;
  const keyArguments =
    key === undefined || sshArguments.includes("-i") ? [] : ["-i", quoteForPaste(`${key.path}.pub`)];
  const copy = ["ssh-copy-id", ...keyArguments, ...sshArguments].join(" ");
  const load =
    publicKeys.length === 0 ? "create a key with ssh-keygen, then" : "load the right key with ssh-add, or";
  return `Check whether \`${login}\` logs you in; if not, ${load} copy your key to the machine: \`${copy}\`.`;
}
