import { homedir, userInfo } from "node:os";

/** What of this computer decides how a machine is reached. */
export interface SshEnvironment {
  readonly home: string;
  /** The home folder of the user database, where `ssh` looks whatever `HOME` says. */
  readonly accountHome: string;
  readonly user: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Socket or pipe of the agent that is asked when nothing else is said. */
  readonly agent: string | undefined;
  /** How long `ssh` may take to say what its configuration means: a `Match exec` or a name server may hang. */
  readonly askSshTimeoutMs: number;
  /** A connection over which nothing moves for so long is dead. */
  readonly silenceMs: number;
  /** Somebody sits at a terminal, whom `ssh` can ask. A guardian has none. */
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
