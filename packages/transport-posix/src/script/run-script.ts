import type { CommandResult } from "@unitrain/core/spec";
import type { Executor } from "../executor/executor.ts";
import { createBoundedOutput } from "./bounded-output.ts";
import { openScript, type ScriptOptions } from "./open-script.ts";
import type { ScriptRunner } from "./shells.ts";

/** Runs a POSIX script until it ends. The middle of long output is omitted. */
export async function runScript(
  via: Executor | ScriptRunner,
  script: string,
  options: ScriptOptions = {},
): Promise<CommandResult> {
  const running = "open" in via ? await via.open(script, options) : await openScript(via, script, options);
  const [stdout, stderr] = await Promise.all([collect(running.stdout), collect(running.stderr)]);
  return { exitCode: await running.exitCode, stdout, stderr };
}

/** Reads a stream to its end as text. */
export async function collect(stream: AsyncIterable<Buffer>): Promise<string> {
  const output = createBoundedOutput();
  for await (const chunk of stream) output.add(chunk);
  return output.text();
}
