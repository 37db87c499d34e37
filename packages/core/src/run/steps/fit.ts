import type { LedgerReader } from "../../journal/recorder.ts";
import { emit, type Reporter } from "../../journal/reporter.ts";
import { type Framework, type MachineFacts, type Plan, UnitrainError } from "../../spec/index.ts";

/** What it takes to check whether the training fits the machine. */
export type FittingRun = Reporter &
  LedgerReader & {
    readonly plan: Pick<Plan, "data">;
    readonly framework: Pick<Framework, "name" | "fit">;
  };

/** Asks the framework whether the training fits the machine, before anything is uploaded or installed. */
export async function checkFit(run: FittingRun, facts: MachineFacts): Promise<void> {
  const { started, shipped } = run.ledger.state;
  // Uploaded and installed files already use the space that would be checked.
  if (started || shipped !== undefined) return;
  const { files, bytes } = run.plan.data;
  const findings = run.framework.fit?.({ facts, data: { files, bytes } }) ?? [];
  for (const { severity, message, hint } of findings)
    if (severity === "warning") await emit(run, { type: "warning", phase: "connect", message, hint });
  const errors = findings.filter(({ severity }) => severity === "error");
  const [first, ...more] = errors;
  if (first === undefined) return;
  throw new UnitrainError("DOES_NOT_FIT", [first, ...more].map(({ message }) => message).join("\n"), {
    hint: errors.map(({ hint }) => hint).join(" "),
    phase: "connect",
    adapter: run.framework.name,
  });
}
