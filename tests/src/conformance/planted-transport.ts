import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type allTransportRules,
  checkTransportRule,
  type TransportRuleId,
  type TransportSubject,
} from "@unitrain/conformance";
import type { Machine } from "@unitrain/core/spec";
import { childExecutor, type Executor, posixTransport } from "@unitrain/transport-posix";
import { createMachineFolders, thisComputer } from "./machine-files.ts";
import { plantedTransportBugs } from "./planted-transport-bugs.ts";

const unreachableMachine: Machine = { connectionKind: "x-nowhere" };

/** Returns the ids of the given rules that a transport with one planted bug breaks, with the errors. */
export async function findBrokenRules(
  planted: TransportRuleId,
  rules: typeof allTransportRules,
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const rule of rules) {
    await checkTransportRule(rule, () => createSubject(planted)).catch(({ message }: Error) => {
      broken.push(`${rule.id}\n${message}`);
    });
  }
  return broken;
}

/** A transport to this computer with every ability: a key, connections that can be cut, and a machine that does not answer. */
async function createSubject(planted: TransportRuleId): Promise<TransportSubject> {
  const { folder, workFolder, remove } = await createMachineFolders();
  const executors: Executor[] = [];
  const transport = posixTransport({
    name: "test",
    recipe: { module: "test", exportName: "test", options: {}, secrets: [] },
    supports: ["local", "x-nowhere"],
    workFolder,
    async identity(context) {
      await writeFile(join(context.folder, "key"), "private", { mode: 0o600 });
      return { publicKey: "ssh-ed25519 AAAA test" };
    },
    async connect({ connectionKind }) {
      if (connectionKind === "x-nowhere") return { ready: false, step: "tcp", reason: "nobody answers" };
      const executor = childExecutor("sh", ["-c"]);
      executors.push(executor);
      return executor;
    },
  });
  return {
    ...thisComputer,
    transport: plantedTransportBugs[planted](transport),
    machine: { connectionKind: "local" },
    unreachableMachine,
    folder,
    async cut() {
      for (const executor of executors) await executor[Symbol.asyncDispose]();
    },
    close: remove,
  };
}
