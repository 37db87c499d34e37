import { type NotReady, UnitrainError } from "@unitrain/core/spec";
import { notYet } from "../connect/not-yet.ts";
import type { SshEnvironment } from "../environment.ts";
import { certificatesOf } from "../keys/only-for-ssh.ts";
import type { Hop } from "../target/target.ts";
import { describeCertificate } from "./describe-certificate.ts";
import type { HeardLogin } from "./heard-login.ts";
import { hostRefused } from "./host-refused.ts";

export interface RefusedContext {
  readonly environment: SshEnvironment;
  /** The person at the terminal was asked. */
  readonly hasAsked: boolean;
}

/** Why `ssh` did not log in, as far as it says. Throws what no further try can change. */
export async function programRefused(
  heard: HeardLogin,
  hop: Hop,
  context: RefusedContext,
): Promise<NotReady> {
  if (heard.isHostRefused) throw hostRefused(heard, hop);
  if (heard.refusedWith !== undefined || heard.hasTooMany) throw await loginRefused(heard, hop, context);
  if (heard.isIn)
    return notYet(
      "tcp",
      `${hop.shownAs} does not reach the next host: ${heard.openFailed ?? heard.lastWords}`,
    );
  const words = heard.lastWords === "" ? "ssh did not say why" : heard.lastWords;
  if (heard.hostKey !== undefined) return notYet("login", `${hop.shownAs}: ${words}`);
  if (/no matching .* found|Unable to negotiate/i.test(words)) {
    return notYet("login", `${hop.shownAs} and ssh share no way to speak: ${words}`, true);
  }
  if (/Could not resolve hostname/i.test(words)) {
    return notYet("tcp", words, !/temporary failure/i.test(words));
  }
  const isBanner = /banner|kex_exchange_identification/i.test(words);
  return notYet(isBanner ? "banner" : "tcp", `${hop.shownAs}: ${words}`);
}

async function loginRefused(
  { offered, lastWords, isPartial, refusedWith = [], hasTooMany }: HeardLogin,
  hop: Hop,
  { environment: { env }, hasAsked }: RefusedContext,
): Promise<UnitrainError> {
  const { shownAs, keys, trust, user } = hop;
  const certificates = await Promise.all(
    (await certificatesOf(keys)).map((path) => describeCertificate(path, user, env)),
  );
  const isStale = certificates.some(({ isStale }) => isStale);
  const keysOffered =
    offered.length === 0 ? "There was no key to offer." : `ssh offered: ${offered.join(", ")}.`;
  const about = certificates.map(({ text }) => ` ${text}`).join("");
  const login = trust.byHand.replace(/^ssh/, "ssh -v");
  const hint = hasTooMany
    ? `The machine stops after a few keys. Name the one that it knows: \`IdentityFile\` and \`IdentitiesOnly yes\` in your ~/.ssh/config, for what \`${trust.byHand}\` reaches.`
    : hasAsked
      ? "Try again, and answer what the machine asks for."
      : isPartial
        ? `The machine accepted the key and asks for ${refusedWith.join(" or ")} too. Start unitrain at a terminal, where you can answer.`
        : isStale
          ? "Get a new certificate from your certificate authority, then try again."
          : `See what \`${login}\` says; whoever runs the machine finds the reason in its log.`;
  return new UnitrainError(
    hasAsked ? "LOGIN_NEEDS_PERSON" : "LOGIN_REFUSED",
    `${shownAs} does not let us in: ${lastWords}${/[.!]$/.test(lastWords) ? "" : "."} ${keysOffered}${about}`,
    { hint },
  );
}
