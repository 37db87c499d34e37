import { homedir, userInfo } from "node:os";

/** What of this computer decides how a machine is reached. */
export interface Surroundings {
  readonly home: string;
  readonly user: string;
  readonly platform: NodeJS.Platform;
  /** Socket or pipe of the agent that is asked when nothing else is said. */
  readonly agent: string | undefined;
  /** A connection over which nothing moves for so long is dead. */
  readonly silenceMs: number;
}

export function here(): Surroundings {
  const { platform, env } = process;
  return {
    get home() {
      return homedir();
    },
    get user() {
      return userInfo().username;
    },
    platform,
    agent: env.SSH_AUTH_SOCK ?? (platform === "win32" ? "\\\\.\\pipe\\openssh-ssh-agent" : undefined),
    silenceMs: 20_000,
  };
}
