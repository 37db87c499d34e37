import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallContext, Machine } from "@unitrain/core/spec";
import type { SshEnvironment } from "../environment.ts";
import type { SshOptions } from "../options.ts";
import { resolveTarget } from "../target/resolve.ts";
import { canUseProgram, findProgramReason } from "./program-reason.ts";

/** Returns that a machine will be reached by the `ssh` program, and why; undefined otherwise. Connects to nothing and stores nothing. */
export async function describeConnection(
  machine: Machine,
  { signal }: Pick<CallContext, "signal">,
  options: SshOptions,
  environment: SshEnvironment,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-"));
  try {
    const target = await resolveTarget(machine, { folder, signal }, options, environment);
    const reason = target.isLeased ? undefined : await findProgramReason(target, environment);
    if (reason === undefined || !(await canUseProgram(environment, signal))) return undefined;
    return `over the ssh program because of ${reason}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
