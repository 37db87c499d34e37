import { homedir, userInfo } from "node:os";

/** The parts of this computer that decide how a machine is reached. */
export interface SshEnvironment {
  readonly home: string;
  /** The home folder of the user database, which `ssh` uses even when `HOME` differs. */
  readonly accountHome: string;
  readonly user: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Socket or pipe of the default agent. */
  readonly agent: string | undefined;
  /** How long `ssh -G` may take: a `Match exec` or a name server may hang. */
  readonly askSshTimeoutMs: number;
  /** A connection over which no byte moves for this long is dead. */
  readonly silenceMs: number;
  /** Whether `ssh` can ask a person at a terminal. A guardian has none. */
  readonly canAsk: boolean;
}

export function readSshEnvironment(env: SshEnvironment["env"] = process.env): SshEnvironment {
  const { platform } = process;
  return {
    get home() {
      return env.HOME || homedir();
    },
    get accountHome() {
      return userInfo().homedir;
    },
    get user() {
      return userInfo().username;
    },
    platform,
    env,
    agent: env.SSH_AUTH_SOCK ?? (platform === "win32" ? "\\\\.\\pipe\\openssh-ssh-agent" : undefined),
    askSshTimeoutMs: 10_000,
    silenceMs: 20_000,
    canAsk: process.stdin.isTTY === true,
  };
}
