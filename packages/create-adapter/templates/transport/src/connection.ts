import type { Machine, NotReady, RunContext } from "@unitrain/core/spec";
import { childExecutor, type Executor } from "@unitrain/transport-posix";

// 3. Connect once, without a loop: core tries again. Return something that runs a shell command on the machine, or say why it is not
//    ready. Everything else (uploads, detached jobs, logs, downloads) is done with such commands. Here it is a shell of this computer;
//    for a program that reaches machines it is `childExecutor("docker", ["exec", "-i", name, "sh", "-c"])`.
export async function openConnection(
  machine: Machine & { readonly name?: unknown },
  _context: RunContext,
): Promise<Executor | NotReady> {
  if (typeof machine.name !== "string" || machine.name === "") {
    return { ready: false, step: "address", reason: "the machine has no name", final: true };
  }
  if (machine.name === "unreachable") {
    return { ready: false, step: "connect", reason: `${machine.name} does not answer` };
  }
  return childExecutor("sh", ["-c"]);
}
