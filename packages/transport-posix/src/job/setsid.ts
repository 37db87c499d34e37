import { commandFailedError } from "../script/failures.ts";
import { quote } from "../script/quote.ts";
import type { JobLauncher } from "./launcher.ts";
import { sessionsScript } from "./processes-script.ts";

/**
 * Creates a launcher that runs each job as a process of its own, which belongs to no terminal and no connection. It needs nothing on
 * the machine, so it is the launcher of last resort.
 *
 * @example
 * ```ts
 * import { childExecutor, posixTransport, setsid } from "@unitrain/transport-posix";
 *
 * export const container = (name: string) =>
 *   posixTransport({
 *     name: "docker",
 *     supports: ["x-docker"],
 *     connect: async () => childExecutor("docker", ["exec", "-i", name, "sh", "-c"]),
 *     launchers: [setsid()],
 *   });
 * ```
 */
export function setsid(): JobLauncher {
  return {
    name: "setsid",
    available: async () => true,
    async start(shell, { wrapper }) {
      const script = `${sessionsScript}\ndetached /bin/sh ${quote(wrapper)}`;
      const { exitCode, stderr } = await shell.run(script);
      if (exitCode !== 0) throw commandFailedError("start a detached process", exitCode, stderr);
      return "process";
    },
  };
}
