import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { counted } from "@unitrain/view";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { ask, askYesNo } from "../init/ask.ts";
import { type Choices, configText } from "../init/config-text.ts";
import { convertChosen } from "../init/convert.ts";
import { type FoundDataset, type FoundFiles, findFiles } from "../init/find-datasets.ts";
import { sshAliases } from "../machines/ssh-aliases.ts";
import { configNames } from "../settings/config/load-config.ts";
import type { Flags } from "../settings/flags.ts";
import { pathFrom } from "../settings/paths.ts";
import { type Line, painted, styled } from "../terminal/render/line.ts";
import { shortPath } from "../terminal/render/short-path.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/** Finds dataset and model, converts a dataset of another form, asks where somebody can answer, and writes `unitrain.config.ts`. */
export async function init(named: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const { stdout, stderr, env, folder } = context;
  const target = pathFrom(named ?? ".", folder);
  refuseToOverwrite(target, flags, folder);
  const found = await findFiles(target);
  const proposed = {
    ...propose(found, flags, await namedTask(flags.data, folder)),
    ...(flags.data === undefined ? {} : { data: seenFrom(target, flags.data, folder) }),
  };
  const asks = flags.yes !== true && canAsk(context);
  const chosen = asks ? await ask(found, proposed, sshAliases(env)) : proposed;
  const print = (text: string) => {
    for (const line of painted([[text]], stderr)) stderr.write(`${line}\n`);
  };
  const confirm = asks ? askYesNo : undefined;
  const choices = await convertChosen(chosen, { target, folder, yes: flags.yes === true, confirm, print });
  const { makeFolders } = await import("@unitrain/core");
  await makeFolders(target);
  const file = join(target, "unitrain.config.ts");
  await writeFile(file, configText(choices), { flag: flags.force === true ? "w" : "wx" });
  stdout.write(`${shortPath(file, folder)}\n`);
  const lines = asks ? [] : writtenLines(choices, found);
  for (const line of painted([...lines, ...nextSteps(choices, named)], stderr)) stderr.write(`${line}\n`);
  return exitCodes.done;
}

function refuseToOverwrite(target: string, { force }: Flags, folder: string): void {
  const existing = configNames.map((name) => join(target, name)).find(existsSync);
  if (existing === undefined || force === true) return;
  throw new UnitrainError("INVALID_OPTIONS", `${shortPath(existing, folder)} is there already.`, {
    hint: "--force writes over unitrain.config.ts.",
  });
}

/** A path that was typed in the working folder, as the configuration in another folder must write it. */
function seenFrom(target: string, data: string, folder: string): string {
  const path = pathFrom(data, folder);
  if (target === folder || isAbsolute(data) || data.startsWith("~") || !existsSync(path)) return data;
  return relative(target, path).split(sep).join("/");
}

/** The task of the dataset that was named, which may lie anywhere. */
async function namedTask(
  data: string | undefined,
  folder: string,
): Promise<FoundDataset["task"] | undefined> {
  return data === undefined ? undefined : (await findFiles(pathFrom(data, folder))).datasets[0]?.task;
}

function propose(
  { datasets, models }: FoundFiles,
  flags: Flags,
  task: FoundDataset["task"] | undefined,
): Choices {
  const [dataset] = datasets;
  const [model] = models;
  return {
    data: flags.data ?? dataset?.path,
    model: flags.model ?? model ?? startingModels[task ?? dataset?.task ?? "detect"],
    epochs: flags.epochs ?? 50,
    on: flags.on ?? "local",
  };
}

const startingModels = { detect: "yolo11n.pt", pose: "yolo11n-pose.pt", classify: "yolo11n-cls.pt" } as const;

/** What nobody was asked about: what the file says, and what else was found. */
function writtenLines({ data, model, epochs, on }: Choices, { datasets }: FoundFiles): Line[] {
  const others = datasets.map(({ path }) => path).filter((path) => path !== data);
  return [
    [`Wrote: data ${data ?? "(none found)"}, model ${model}, ${counted(epochs, "epoch")}, on ${on}.`],
    ...(others.length === 0 || data === undefined
      ? []
      : [
          [
            `Also found: ${others.slice(0, 5).join(", ")}${others.length > 5 ? ` and ${others.length - 5} more` : ""}. Name another with --data.`,
          ],
        ]),
  ];
}

function nextSteps({ data, on }: Choices, named: string | undefined): Line[] {
  const steps: readonly (readonly [command: string, meaning: string])[] = [
    ...(named === undefined ? [] : [[`cd ${named}`, ""] as const]),
    ...(data === undefined ? [["edit unitrain.config.ts", "no dataset was found: name yours"] as const] : []),
    ...(on === "local" ? [] : [["unitrain doctor", `whether ${on} is ready`] as const]),
    ["unitrain plan", "check data and options, see where each value comes from"],
    ["unitrain train", "train, and download the model"],
  ];
  const width = Math.max(...steps.map(([command]) => command.length)) + 3;
  return [
    ["Next:"],
    ...steps.map(([command, meaning]): Line => [`  ${command.padEnd(width)}`, styled("dim", meaning)]),
  ];
}
