import { UnitrainError } from "@unitrain/core/spec";
import type { Keys } from "../keys/keys.ts";
import { pasteable } from "../target/by-hand.ts";
import type { Hop } from "../target/target.ts";

/** A machine that takes none of our keys, for whoever may know another way in. */
export interface LoginRefused {
  readonly refusal: UnitrainError;
  readonly hop: Hop;
  /** A person may answer what the server asks for. */
  readonly wantsPerson: boolean;
}

export interface RefusedLogin {
  /** The server's own words, with a colon before them. */
  readonly serverMessage: string;
  /** The server took no more keys, so that the right one may not have been tried. */
  readonly hasTooMany: boolean;
  /** What the server asks for after it has taken a key: `keyboard-interactive`. */
  readonly wanted: readonly string[];
}

/** The error of a machine that takes none of our keys, with the commands that lead to this very machine. */
export function loginRefused(
  hop: Hop,
  keys: Keys,
  { serverMessage, hasTooMany, wanted }: RefusedLogin,
): UnitrainError {
  const { shownAs, keys: sources } = hop;
  const tried = [
    ...keys.usable.map(({ path }) => path),
    ...(sources.agent === undefined ? [] : [`your agent's (${sources.agent})`]),
  ];
  const offered =
    tried.length === 0 ? "There was no key to offer." : `Keys that were offered: ${tried.join(", ")}.`;
  const leftOut = keys.leftOut.length === 0 ? "" : ` Not offered: ${keys.leftOut.join("; ")}.`;
  const ssh =
    keys.onlyForSsh.length === 0
      ? ""
      : ` Without the ssh program unitrain cannot use what it would try: ${keys.onlyForSsh.join(", ")}.`;
  return new UnitrainError(
    "LOGIN_REFUSED",
    `${shownAs} does not let us in${serverMessage}. ${offered}${leftOut}${ssh}`,
    {
      hint: hintFor(hop, keys, { hasTooMany, wanted }),
    },
  );
}

function hintFor(hop: Hop, keys: Keys, { hasTooMany, wanted }: Omit<RefusedLogin, "serverMessage">): string {
  if (hasTooMany) return tooMany(hop);
  if (wanted.length > 0) {
    return `The machine accepted the key and asks for ${wanted.join(" or ")} too. Start unitrain at a terminal, where you can answer, or let this user in with a key alone (AuthenticationMethods publickey).`;
  }
  // ssh may get in where we do not: trying it would tell nothing.
  return keys.onlyForSsh.length > 0 ? plainKey(hop) : authorize(hop, keys);
}

function plainKey({ trust }: Hop): string {
  const words = trust.byHand.split(" ").slice(1);
  const copy = ["ssh-copy-id", "-i", "~/.ssh/unitrain.pub", ...words].join(" ");
  return `Install OpenSSH 7.4 or newer (on Windows it cannot do this), or use a plain key: make one with \`ssh-keygen -t ed25519 -f ~/.ssh/unitrain\`, give it to the machine with \`${copy}\`, and name it as IdentityFile in your ~/.ssh/config.`;
}

function tooMany({ trust }: Hop): string {
  return `The machine stops after a few keys. Name the one that it knows: \`IdentityFile\` and \`IdentitiesOnly yes\` in your ~/.ssh/config, for what \`${trust.byHand}\` reaches.`;
}

function authorize({ trust }: Hop, { usable, publicKeys }: Keys): string {
  const [program = "ssh", ...words] = trust.byHand.split(" ");
  const login = [program, "-o", "BatchMode=yes", ...words].join(" ");
  const [key] = usable;
  const named = key === undefined || words.includes("-i") ? [] : ["-i", pasteable(`${key.path}.pub`)];
  const copy = ["ssh-copy-id", ...named, ...words].join(" ");
  const load =
    publicKeys.length === 0 ? "make a key with ssh-keygen, then" : "load the right key with ssh-add, or";
  return `See whether \`${login}\` lets you in; if not, ${load} give the machine yours: \`${copy}\`.`;
}
