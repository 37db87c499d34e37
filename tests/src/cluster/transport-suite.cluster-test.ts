import { transportSuite } from "@unitrain/conformance";
import { childExecutor, posixTransport } from "@unitrain/transport-posix";
import { describe, it } from "vitest";
import { createMachineFolders, thisComputer } from "../conformance/machine-files.ts";
import { sbatch } from "./sbatch-launcher.ts";
import { useSlurm } from "./use-slurm.ts";

useSlurm();

// The login node is this computer, which can always be reached.
transportSuite({
  describe: describe.concurrent,
  it,
  name: "jobs that sbatch launches",
  lacks: ["recipe", "identity", "unreachable-machine", "cut"],
  async start() {
    const { folder, workFolder, remove } = await createMachineFolders();
    const transport = posixTransport({
      name: "cluster",
      supports: ["local"],
      connect: async () => childExecutor("sh", ["-c"]),
      launchers: [sbatch({ pollSeconds: 0, filesDelayMs: 0 })],
      workFolder,
    });
    return { ...thisComputer, transport, machine: { connectionKind: "local" }, folder, close: remove };
  },
});
