import { UnitrainError } from "@unitrain/core/spec";
import type { Keys } from "../keys/keys.ts";
import { quoteForPaste } from "../target/ssh-command.ts";
import type { Hop } from "../target/target.ts";

/** A machine that takes none of our keys, for whoever may know another way in. */
export interface LoginRefused {
  readonly refusal: UnitrainError;
  readonly hop: Hop;
  /** A person may answer what the server asks for. */
  readonly needsPerson: boolean;
}

export interface RefusedLogin {
  /** The server's own words, with a colon before them. */
  readonly serverMessage: string;
  /** The server took no more keys, so that the right one may not have been tried. */
  readonly hasTooMany: boolean;
  /** What the server asks for after it has taken a key: `keyboard-interactive`. */
  readonly requestedMethods: readonly string[];
}

/** The error of a machine that takes none of our keys, with the commands that lead to this very machine. */
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
      : ` Without the ssh program unitrain cannot use what it would try: ${keys.sshOnlyMethods.join(", ")}.`;
  return new UnitrainError(
    "LOGIN_REFUSED",
    `${displayName} does not let us in${serverMessage}. ${offered}${skipped}${sshOnly}`,
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
    return `The machine accepted the key and asks for ${wanted.join(" or ")} too. Start unitrain at a terminal, where you can answer, or let this user in with a key alone (AuthenticationMethods publickey).`;
  }
  // ssh may get in where we do not: trying it would tell nothing.
  return keys.sshOnlyMethods.length > 0 ? suggestPlainKey(hop) : suggestAuthorizing(hop, keys);
}

function suggestPlainKey({ trust }: Hop): string {
  const sshArguments = trust.sshCommand.split(" ").slice(1);
  const copy = ["ssh-copy-id", "-i", "~/.ssh/unitrain.pub", ...sshArguments].join(" ");
  return `Install OpenSSH 7.4 or newer (on Windows it cannot do this), or use a plain key: make one with \`ssh-keygen -t ed25519 -f ~/.ssh/unitrain\`, give it to the machine with \`${copy}\`, and name it as IdentityFile in your ~/.ssh/config.`;
}

function suggestIdentitiesOnly({ trust }: Hop): string {
  return `The machine stops after a few keys. Name the one that it knows: \`IdentityFile\` and \`IdentitiesOnly yes\` in your ~/.ssh/config, for what \`${trust.sshCommand}\` reaches.`;
}

function suggestAuthorizing({ trust }: Hop, { usable, publicKeys }: Keys): string {
  const [program = "ssh", ...sshArguments] = trust.sshCommand.split(" ");
  const login = [program, "-o", "BatchMode=yes", ...sshArguments].join(" ");
  const [key] = usable;
  const keyArguments =
    key === undefined || sshArguments.includes("-i") ? [] : ["-i", quoteForPaste(`${key.path}.pub`)];
  const copy = ["ssh-copy-id", ...keyArguments, ...sshArguments].join(" ");
  const load =
    publicKeys.length === 0 ? "make a key with ssh-keygen, then" : "load the right key with ssh-add, or";
  return `See whether \`${login}\` lets you in; if not, ${load} give the machine yours: \`${copy}\`.`;
}
