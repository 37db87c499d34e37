import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachineFacts, RunContext, Session } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Flags } from "../flags.ts";
import { lookContext } from "../machines/call-context.ts";
import { reachMachine } from "../machines/reach-machine.ts";
import { cleanAll } from "../render/clean.ts";
import { counted, size } from "../render/figures.ts";
import { painted, widthOf } from "../render/line.ts";
import { canAsk } from "../screen/screen.ts";
import { ageIn } from "../stored/age.ts";
import { listStored } from "../stored/list-stored.ts";
import { removeStored } from "../stored/remove-stored.ts";
import type { StoredItem } from "../stored/stored-item.ts";
import { storedTable } from "../stored/stored-table.ts";
import type { Surroundings } from "../surroundings.ts";

const usualAge = "30d";

/** Removes environments, datasets and runs from a machine that nothing has used for a while. */
export async function clean(flags: Flags, surroundings: Surroundings): Promise<ExitCode> {
  const olderThanMs = ageIn(flags.olderThan ?? usualAge);
  if (olderThanMs === undefined) {
    throw new UnitrainError("INVALID_OPTIONS", `--older-than ${flags.olderThan} is no age.`, {
      hint: "Write days, hours or weeks: --older-than 30d, 12h, 2w, 0.",
    });
  }
  const { engine, stdout, stderr } = surroundings;
  const started = await engine();
  const runs = await started.runs();
  const open = (await runs.runs()).filter(({ state }) => state !== "over").map(({ id }) => id);
  const adapters = await started.adapters({ on: flags.on ?? "local" });
  if (adapters.provider.ownership === "rented") {
    throw new UnitrainError("NOT_AVAILABLE", "A rented machine is released with all that lies on it.", {
      hint: "Name a machine of your own: unitrain clean --on gpu-box",
    });
  }
  const folder = await mkdtemp(join(tmpdir(), "unitrain-clean-"));
  const say = (message: string) => void stderr.write(`${cleanAll(message)}\n`);
  const context: RunContext = { ...lookContext(say), runId: "clean", leaseId: "clean", folder };
  try {
    const reached = await reachMachine(adapters, context);
    if ("ready" in reached) throw new UnitrainError("NOT_READY", `${reached.step}: ${reached.reason}`);
    await using session = reached.session;
    const facts = await session.facts(context);
    const items = await listStored(session, facts, context, open);
    const chosen = items.filter(
      ({ inUse, usedAt }) => inUse === undefined && Date.now() - usedAt >= olderThanMs,
    );
    if (flags.json !== true)
      for (const line of painted(storedTable(cleanAll(items), chosen, widthOf(stdout)), stdout))
        stdout.write(`${line}\n`);
    const removed =
      flags.dryRun === true || chosen.length === 0 || !(await isAgreed(chosen, flags, surroundings))
        ? []
        : await removeAll(session, facts, chosen, say);
    if (flags.json === true)
      stdout.write(
        `${JSON.stringify({ items, chosen: chosen.map(({ path }) => path), removed }, null, 2)}\n`,
      );
    else stdout.write(`${outcome(chosen, removed, flags)}\n`);
    const all = flags.dryRun === true || removed.length === chosen.length || removed.length === 0;
    return all ? exitCodes.done : exitCodes.failed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isAgreed(
  chosen: readonly StoredItem[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<boolean> {
  if (flags.yes === true) return true;
  if (flags.json === true || !canAsk(surroundings)) {
    throw new UnitrainError("INVALID_OPTIONS", "Nobody can be asked here whether to remove them.", {
      hint: "Add --yes to remove them, or --dry-run to see them.",
    });
  }
  const { confirm } = await import("@clack/prompts");
  const message = `Remove ${counted(chosen.length, "folder")}, ${size(bytesOf(chosen))}?`;
  return (await confirm({ message, initialValue: false, output: process.stderr })) === true;
}

/** Each with its own time; one that cannot be removed does not keep the others. */
async function removeAll(
  session: Session,
  facts: MachineFacts,
  chosen: readonly StoredItem[],
  say: (message: string) => void,
): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const item of chosen) {
    try {
      await removeStored(session, facts, item, lookContext(say));
      removed.push(item.path);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
  }
  return removed;
}

function outcome(chosen: readonly StoredItem[], removed: readonly string[], { dryRun }: Flags): string {
  if (chosen.length === 0) return "Nothing is old enough and unused.";
  if (dryRun === true)
    return `${counted(chosen.length, "folder")}, ${size(bytesOf(chosen))}, would be removed.`;
  const gone = chosen.filter(({ path }) => removed.includes(path));
  return gone.length === 0
    ? "Nothing was removed."
    : `Removed ${counted(gone.length, "folder")}, ${size(bytesOf(gone))}.`;
}

function bytesOf(items: readonly StoredItem[]): number {
  return items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
