import { existsSync } from "node:fs";
import { createLogTail } from "../../follow/log-tail.ts";
import { emit } from "../../journal/reporter.ts";
import {
  type Command,
  type CommandResult,
  type Environment,
  type Framework,
  type JobInput,
  type MachineFacts,
  UnitrainError,
} from "../../spec/index.ts";
import { type PhaseReporter, runPhase } from "../phases.ts";
import { getEnvironmentJobId, getRemoteLayout } from "../remote-layout.ts";
import { runDetachedCommand } from "./environment/detached-command.ts";
import { createInstallLog } from "./environment/install-log.ts";
import { runSetup, type SettingUpRun } from "./environment/setup.ts";

/** What it takes to prepare the machine and to install the environment on it. */
export type InstallingRun = SettingUpRun &
  PhaseReporter & { readonly framework: Pick<Framework, "name" | "environment"> };

const probeTimeoutMs = 10 * 60_000;
const installTimeoutMs = 60 * 60_000;

/** Runs the setup lines, installs the environment unless it exists, and verifies it. Runs in parallel to `ship`. */
export async function prepareEnvironment(
  run: InstallingRun,
  facts: MachineFacts,
  signal: AbortSignal,
): Promise<JobInput["environment"]> {
  const recorded = run.ledger.state.environment;
  if (recorded !== undefined) return recorded;
  return runPhase(run, "environment", async () => {
    await runSetup(run, facts, signal);
    const environment = run.framework.environment(facts);
    const check = await probe(run, environment.checkCommand, signal);
    let found: "already" | "installed" = "already";
    let output = check.stdout;
    if (check.exitCode !== 0) {
      found = "installed";
      await install(run, environment, facts, signal);
      const verified = await probe(run, environment.verify, signal);
      if (verified.exitCode !== 0)
        throw createEnvironmentError(
          run,
          environment,
          `${verified.stdout}\n${verified.stderr}`,
          "does not work",
          verified.exitCode,
        );
      output = verified.stdout;
    }
    const versions = environment.versions?.(output);
    const report = { found, folder: environment.folder, ...(versions === undefined ? {} : { versions }) };
    const result = run.sanitizer.maskValue({ ...report, output });
    await run.ledger.append({ type: "environment", ...result });
    await emit(run, { type: "environment", ...report });
    return result;
  });
}

function probe(run: InstallingRun, command: Command, signal: AbortSignal): Promise<CommandResult> {
  return run.link.use(
    { phase: "environment", method: "run", timeoutMs: probeTimeoutMs, signal },
    (session, context) => session.run({ ...command, env: withOwnVariables(run, command) }, context),
  );
}

/** Adds the user's variables, because the installation may need a proxy, a certificate or a mirror of the package index. */
function withOwnVariables(
  run: Pick<InstallingRun, "plan">,
  { env }: Command,
): Readonly<Record<string, string>> {
  return { ...run.plan.env, ...env };
}

async function install(
  run: InstallingRun,
  environment: Environment,
  facts: MachineFacts,
  signal: AbortSignal,
) {
  const log = createInstallLog(run, run.ledger.state.setup?.logBytes);
  const command = {
    ...environment.install,
    id: getEnvironmentJobId(run.plan.runId),
    env: withOwnVariables(run, environment.install),
    cwd: getRemoteLayout(facts, run.plan.runId).environmentJob,
    title: `install ${environment.key}`,
    timeoutMs: installTimeoutMs,
  };
  const exitCode = await runDetachedCommand(run, command, log, signal);
  if (exitCode === 0) return;
  const code = typeof exitCode === "number" ? exitCode : undefined;
  throw createEnvironmentError(run, environment, log.tail(), `could not be installed (${exitCode})`, code);
}

function createEnvironmentError(
  run: Pick<InstallingRun, "framework" | "sanitizer" | "folder">,
  environment: Environment,
  output: string,
  failedStep: string,
  exitCode: number | undefined,
): UnitrainError {
  const masked = run.sanitizer.maskText(output);
  const explanation = environment.explain?.(masked, exitCode);
  const tail = createLogTail();
  tail.add(masked);
  const lines = tail.getLastLines(12);
  const shownOutput = lines.length === 0 ? ["(no output)"] : lines;
  const message =
    explanation?.message ??
    [`The environment ${environment.key} ${failedStep}:`, ...shownOutput].join("\n  ");
  return new UnitrainError("ENVIRONMENT_FAILED", message, {
    hint: [
      explanation?.hint ?? `Remove ${environment.folder} on the machine, then try again.`,
      ...(existsSync(run.folder.environmentLog)
        ? [`The log of the installation is ${run.folder.environmentLog}.`]
        : []),
    ].join(" "),
    phase: "environment",
    adapter: run.framework.name,
  });
}
