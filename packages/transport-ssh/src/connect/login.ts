import type { Duplex } from "node:stream";
import { type NotReady, toPlainLine, type UnitrainError } from "@unitrain/core/spec";
import ssh2, { type AnyAuthMethod, type AuthHandlerMiddleware, type Client } from "ssh2";
import { decodeHostKey, type HostKey } from "../host-key/host-key.ts";
import { loadTrust } from "../host-key/trust.ts";
import { createAgent } from "../keys/agent.ts";
import { type Keys, readKeys } from "../keys/keys.ts";
import type { Hop } from "../target/target.ts";
import { chooseAlgorithms } from "./algorithms.ts";
import { openConnection, type Ssh2Connection } from "./connection.ts";
import { type LoginRefused, loginRefusedError } from "./login-refused.ts";
import { createNotReady } from "./not-ready.ts";

const timeoutMs = 15_000;

export interface LoginOptions {
  readonly isLeased: boolean;
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

export interface LoggedIn {
  readonly connection: Ssh2Connection;
  /** This is the first login of the lease. */
  readonly isFirst: boolean;
  /** Set when the key was trusted on first use and pinned by this login. */
  readonly pinnedKey: HostKey | undefined;
}

/** Logs in over a stream to an SSH server. The host key is checked before anything else is sent. */
export async function login(
  stream: Duplex,
  hop: Hop,
  { isLeased, silenceMs, signal }: LoginOptions,
): Promise<LoggedIn | NotReady | LoginRefused> {
  const keys = await readKeys(hop.keys);
  if (isLeased && keys.usable.length === 0 && keys.skipped.length > 0) {
    stream.destroy();
    return createNotReady("login", `the key of this lease cannot be used: ${keys.skipped.join("; ")}`, true);
  }
  const trust = await loadTrust(hop.trust, hop.displayName);
  const client: Client = new ssh2.Client();
  let shownKey: HostKey | undefined;
  let hostKeyError: UnitrainError | undefined;
  const prompted: PromptedMethods = { requestedMethods: new Set(), offersQuestions: false };
  const answer = await waitUntilReady(client, signal, () =>
    client.connect({
      sock: stream,
      username: hop.user,
      authHandler: tryInOrder(listAuthMethods(hop, keys), prompted),
      algorithms: chooseAlgorithms(trust.types),
      hostVerifier: (blob: Buffer) => {
        shownKey = decodeHostKey(blob);
        hostKeyError = trust.check(shownKey);
        return hostKeyError === undefined;
      },
      readyTimeout: timeoutMs,
      // Only to make the server answer: a dead connection is noticed by the bytes that move.
      keepaliveInterval: Math.max(250, silenceMs / 4),
      keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    }),
  );
  if (answer === undefined && shownKey !== undefined) {
    const connection = openConnection(client, stream, silenceMs);
    const isFirst = await trust.pin(shownKey);
    return {
      connection,
      isFirst,
      pinnedKey:
        isFirst && hop.trust.isTrustedOnFirstUse && hop.trust.providerKey === undefined
          ? shownKey
          : undefined,
    };
  }
  client.destroy();
  stream.destroy();
  if (hostKeyError !== undefined) throw hostKeyError;
  return toLoginResult(answer ?? { reason: "the server sent no host key" }, hop, keys, {
    isLeased,
    prompted,
  });
}

interface PromptedMethods {
  /** What the server asks for after it has accepted a key. */
  readonly requestedMethods: Set<string>;
  /** The server also accepts answers to its questions in place of a key. */
  offersQuestions: boolean;
}

/** Tries the methods one after the other, and records what the server asks for. */
function tryInOrder(methods: readonly AnyAuthMethod[], prompted: PromptedMethods): AuthHandlerMiddleware {
  const pending = [...methods];
  return (methodsLeft, isPartial, next) => {
    const remainingKeys = methodsLeft ?? [];
    if (isPartial === true) for (const method of remainingKeys) prompted.requestedMethods.add(method);
    prompted.offersQuestions ||= remainingKeys.includes("keyboard-interactive");
    const method = pending.shift();
    // `false` ends the login; the types of ssh2 do not know it.
    (next as (method: AnyAuthMethod | false) => void)(method ?? false);
  };
}

/** Why a login failed. */
interface Refusal {
  readonly level?: string | undefined;
  readonly reason: string;
  /** The message that the server shows to everyone who logs in. */
  readonly banner?: string;
}

function waitUntilReady(
  client: Client,
  signal: AbortSignal,
  start: () => void,
): Promise<Refusal | undefined> {
  return new Promise((resolve) => {
    let banner = "";
    const settle = (refusal?: Refusal) => {
      signal.removeEventListener("abort", abort);
      resolve(refusal === undefined ? undefined : { ...refusal, banner });
    };
    const abort = () => settle({ reason: "the attempt was cancelled" });
    client.on("banner", (text: string) => {
      banner += text;
    });
    client.on("error", (error: Error & { level?: string }) => {
      // After an error of the agent, other keys are tried.
      if (error.level !== "agent") settle({ level: error.level, reason: error.message });
    });
    client.once("close", () => settle({ reason: "the connection was closed during the login" }));
    client.once("ready", () => settle());
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    start();
  });
}

function listAuthMethods({ keys: sources, user }: Hop, keys: Keys): AnyAuthMethod[] {
  const agent = createAgent(sources, keys.publicKeys);
  const fromFiles = keys.usable.map(({ key }) => ({ type: "publickey" as const, username: user, key }));
  const fromAgent = agent === undefined ? [] : [{ type: "agent" as const, username: user, agent }];
  const hasNamedKey = sources.files.some((file) => file.isNamed);
  const keyMethods = hasNamedKey ? [...fromFiles, ...fromAgent] : [...fromAgent, ...fromFiles];
  // Some servers need no key, because they know the client already (Tailscale).
  return [...keyMethods, { type: "none", username: user }];
}

interface RefusalContext {
  readonly isLeased: boolean;
  readonly prompted: PromptedMethods;
}

function toLoginResult(
  { level, reason, banner = "" }: Refusal,
  hop: Hop,
  keys: Keys,
  { isLeased, prompted }: RefusalContext,
): NotReady | LoginRefused {
  const hasTooMany = /authentication failures/i.test(reason);
  const text = toPlainLine([banner, hasTooMany ? reason : ""].join(" ")).trim();
  const serverMessage = text === "" ? "" : `: ${text.slice(-300)}`;
  const isBooting = /boot|nologin|not permitted to log in yet|shutting down/i.test(banner);
  if (level === "client-authentication" || hasTooMany) {
    if (isLeased || isBooting)
      return createNotReady("login", `${hop.displayName} refuses the login so far${serverMessage}`);
    return {
      refusal: loginRefusedError(hop, keys, {
        serverMessage,
        hasTooMany,
        requestedMethods: [...prompted.requestedMethods],
      }),
      hop,
      needsPerson: prompted.requestedMethods.size > 0 || prompted.offersQuestions,
    };
  }
  if (level === "handshake") {
    return createNotReady(
      "login",
      `${hop.displayName} and unitrain have no SSH algorithm in common: ${reason}`,
      true,
    );
  }
  return createNotReady("login", `${hop.displayName}: ${reason}${serverMessage}`);
}
