import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { checkInstalledAdapters } from "../doctor/adapters.ts";
import type { CheckResult } from "../doctor/check-result.ts";
import { checkMachine, createFailedResult } from "../doctor/machine.ts";
import { checkThisComputer } from "../doctor/this-computer.ts";
import { createSetupWithoutOptions } from "../framework/chosen-framework.ts";
import { loadProject } from "../framework/load-project.ts";
import { chooseMachine } from "../settings/chosen-machine.ts";
import type { Flags } from "../settings/flags.ts";
import { type Line, measureWidth, type Piece, styled, withLabel } from "../terminal/render/line.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

interface Part {
  /** `this computer`, or the name of the machine. */
  readonly subject: string;
  readonly checks: readonly CheckResult[];
}

/** Checks this computer and the machine that a flag or the configuration names, and says how to fix what is wrong. */
export async function doctor(flags: Flags, context: CliContext): Promise<ExitCode> {
  const { stdout, stderr } = context;
  const parts: Part[] = [];
  const report = (part: Part) => {
    parts.push(part);
    if (flags.json !== true) writeLines(stdout, partLines(part, measureWidth(stdout)));
  };
  report({ subject: "this computer", checks: await checkThisComputer(context) });
  const adapters = await checkInstalledAdapters(context.folder);
  if (adapters.length > 0) report({ subject: "adapters of this project", checks: adapters });
  const showStatus = (message: string) => writeLines(stderr, [message]);
  const machine = await checkTargetMachine(flags, context, showStatus);
  if (machine !== undefined) report(machine);
  const hasFailed = parts.some(({ checks }) => checks.some(({ state }) => state === "fail"));
  if (flags.json === true) writeJson(stdout, { ok: !hasFailed, parts }, 2);
  return hasFailed ? exitCodes.failed : exitCodes.done;
}

async function checkTargetMachine(
  flags: Flags,
  { engine, folder }: CliContext,
  showStatus: (message: string) => void,
): Promise<Part | undefined> {
  try {
    const { framework, loaded } = await loadProject(flags, folder);
    const chosen = chooseMachine(flags, loaded, folder);
    const { on, provider } = chosen;
    if (on === undefined && provider === undefined) return undefined;
    const machine = await (await engine()).machine({
      ...chosen,
      on: on ?? "",
      plugins: loaded?.config.plugins ?? [],
      framework: createSetupWithoutOptions(framework, folder),
    });
    return { subject: on ?? provider?.name ?? "", checks: await checkMachine(machine, showStatus) };
  } catch (error) {
    return {
      subject: flags.on ?? "configuration",
      checks: [createFailedResult(flags.on === undefined ? "configuration" : "machine", error)],
    };
  }
}

function partLines({ subject, checks }: Part, width: number): Line[] {
  const labelWidth = Math.max(...checks.map(({ name }) => name.length)) + 2;
  return [
    [styled("bold", subject)],
    ...checks.flatMap(({ state, name, found, hint }) => [
      ...withLabel(name, found, labelWidth, width - 2).map(
        (line, index): Line => [index === 0 ? signs[state] : "  ", ...line],
      ),
      ...(hint === undefined ? [] : withLabel("", hint, labelWidth + 2, width)),
    ]),
    [],
  ];
}

const signs: Readonly<Record<CheckResult["state"], Piece>> = {
  ok: styled("green", "+ "),
  warn: styled("yellow", "! "),
  fail: styled("red", "x "),
  note: styled("dim", "- "),
};
