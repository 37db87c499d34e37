import { commandFailedError } from "../script/failures.ts";
import { quote } from "../script/quote.ts";
import type { JobLauncher } from "./launcher.ts";
import { sessionsScript } from "./processes-script.ts";

/** Holds a job as a process of its own that belongs to no terminal and no connection. Always there. */
export function setsid(): JobLauncher {
  return {
    name: "setsid",
    available: async () => true,
    async start(shell, { wrapper }) {
      const script = `${sessionsScript}\ndetached /bin/sh ${quote(wrapper)}`;
      const { exitCode, stderr } = await shell.run(script);
      if (exitCode !== 0) throw commandFailedError("start a process of its own", exitCode, stderr);
      return "process";
    },
  };
}
