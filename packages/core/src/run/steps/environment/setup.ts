import { existsSync } from "node:fs";
import { createLogTail } from "../../../follow/log-tail.ts";
import type { Recorder } from "../../../journal/recorder.ts";
import { emit } from "../../../journal/reporter.ts";
import { type MachineFacts, type Plan, UnitrainError } from "../../../spec/index.ts";
import { getRemoteLayout, getSetupJobId } from "../../remote-layout.ts";
import { type CommandingRun, runDetachedCommand } from "./detached-command.ts";
import { createInstallLog, type LoggedInstallation } from "./install-log.ts";

/** What it takes to run commands that prepare the machine. */
export type SettingUpRun = LoggedInstallation &
  CommandingRun &
  Pick<Recorder, "ledger"> & { readonly plan: Pick<Plan, "runId" | "env" | "setup"> };

const setupTimeoutMinutes = 60;

/** Runs each line in its own shell until one fails. Standard input is empty, because nobody can answer a question of apt. */
const script = `i=0
for line do
  i=$((i + 1))
  printf '+ %s\\n' "$line"
  sh -c "$line" </dev/null || {
    code=$?
    printf '\\nunitrain: the setup failed: {"line": %d}\\n' "$i"
    exit "$code"
  }
done`;

/**
 * Runs the plan's setup lines once, before anything is installed. They run detached, and the ledger records when they are done, so
 * that a process that takes over does not run them again. Throws `ENVIRONMENT_FAILED` with the line that failed.
 */
export async function runSetup(run: SettingUpRun, facts: MachineFacts, signal: AbortSignal): Promise<void> {
  const { setup: lines = [], runId, env } = run.plan;
  if (lines.length === 0 || run.ledger.state.setup !== undefined) return;
  await emit(run, { type: "status", phase: "environment", message: `Setup: ${lines.join("; ")}` });
  const log = createInstallLog(run);
  const command = {
    id: getSetupJobId(runId),
    argv: ["sh", "-c", script, "setup", ...lines],
    env: { DEBIAN_FRONTEND: "noninteractive", ...env },
    cwd: getRemoteLayout(facts, runId).environmentJob,
    title: "setup",
    timeoutMs: setupTimeoutMinutes * 60_000,
  };
  const exitCode = await runDetachedCommand(run, command, log, signal).catch((error) => {
    if (!UnitrainError.isInstance(error) || error.code !== "TIMED_OUT") throw error;
    return `it took longer than ${setupTimeoutMinutes} minutes`;
  });
  if (exitCode !== 0) throw createSetupError(run, lines, log.tail(), exitCode);
  await run.ledger.append({ type: "setup", lines: lines.length, logBytes: log.size() });
}

function createSetupError(
  run: SettingUpRun,
  lines: readonly string[],
  output: string,
  exitCode: number | string,
): UnitrainError {
  const number = /^unitrain: the setup failed: \{"line": (\d+)\}$/m.exec(output)?.[1];
  const line = number === undefined ? undefined : lines[Number(number) - 1];
  const end = typeof exitCode === "number" ? `ended with exit code ${exitCode}` : `failed (${exitCode})`;
  const subject = line === undefined ? "The setup" : `The setup line ${JSON.stringify(line)}`;
  const tail = createLogTail();
  tail.add(output);
  const message = run.sanitizer.maskMessage([`${subject} ${end}:`, ...tail.getLastLines(12)].join("\n  "));
  const log = existsSync(run.folder.environmentLog)
    ? ` The log of the installation is ${run.folder.environmentLog}.`
    : "";
  return new UnitrainError("ENVIRONMENT_FAILED", message, {
    hint: `Try the line in a shell on the machine, correct it, then train again.${log}`,
    phase: "environment",
  });
}
