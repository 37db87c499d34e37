import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { type FoundDataset, type InitSupport, UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { chooseFramework } from "../framework/chosen-framework.ts";
import { askDataset, askMachine, askOptions, askYesNo } from "../init/ask.ts";
import { type Choices, configText } from "../init/config-text.ts";
import { convertChosen } from "../init/convert.ts";
import { sshAliases } from "../machines/ssh-aliases.ts";
import { defaultFramework } from "../modules/default-framework.ts";
import { configNames } from "../settings/config/find-config.ts";
import type { Flags } from "../settings/flags.ts";
import { pathFrom } from "../settings/paths.ts";
import { type Line, painted, styled } from "../terminal/render/line.ts";
import { shortPath } from "../terminal/render/short-path.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/** Finds a dataset, converts one that cannot be read as it is, asks where somebody can answer, and writes `unitrain.config.ts`. */
export async function init(named: string | undefined, flags: Flags, context: CliContext): Promise<ExitCode> {
  const { stdout, stderr, env, folder } = context;
  const target = pathFrom(named ?? ".", folder);
  refuseToOverwrite(target, flags, folder);
  const framework = frameworkSeenFrom(target, flags.framework, folder);
  const support: Partial<InitSupport> =
    (await chooseFramework(flags.framework, folder)).commandLine.init ?? {};
  const asks = flags.yes !== true && canAsk(context);
  const found = (await support.findDatasets?.(target)) ?? [];
  const aliases = asks ? sshAliases(env) : undefined;
  const chosen = { framework, ...(await choose(found, support, flags, { target, folder, aliases })) };
  const print = (text: string) => {
    for (const line of painted([[text]], stderr)) stderr.write(`${line}\n`);
  };
  const confirm = asks ? askYesNo : undefined;
  const choices = await convertChosen(chosen, support.findConversion, {
    ...{ target, folder, yes: flags.yes === true, confirm, print },
  });
  const { makeFolders } = await import("@unitrain/core");
  await makeFolders(target);
  const file = join(target, "unitrain.config.ts");
  await writeFile(file, configText(choices, support), { flag: flags.force === true ? "w" : "wx" });
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

/** As the configuration names it: the default needs no name, and a file is relative to the configuration. */
function frameworkSeenFrom(target: string, word: string | undefined, folder: string): string | undefined {
  if (word === undefined || word === defaultFramework.name) return undefined;
  const path = seenFrom(target, word, folder);
  return /^\.{1,2}[\\/]/.test(word) && !path.startsWith(".") ? `./${path}` : path;
}

/** What is found and proposed, or what a person answers; nobody is asked without `aliases`. */
async function choose(
  found: readonly FoundDataset[],
  support: Partial<InitSupport>,
  flags: Flags,
  place: {
    readonly target: string;
    readonly folder: string;
    readonly aliases: readonly string[] | undefined;
  },
): Promise<Omit<Choices, "framework">> {
  const { target, folder, aliases } = place;
  const proposedData = flags.data === undefined ? found[0]?.path : seenFrom(target, flags.data, folder);
  const data = aliases === undefined ? proposedData : await askDataset(found, proposedData);
  const dataset =
    flags.data === undefined
      ? found.find(({ path }) => path === data)
      : await namedDataset(support, flags.data, folder);
  const proposed =
    (await support.proposeOptions?.({ folder: target, dataset, flagValues: { ...flags } })) ?? [];
  const train =
    aliases === undefined
      ? Object.fromEntries(proposed.map(({ name, value }) => [name, value]))
      : await askOptions(proposed);
  const on = flags.on ?? "local";
  return {
    data,
    train,
    on: aliases === undefined ? on : await askMachine(on, aliases),
  };
}

/** The dataset that was named, which may lie anywhere. */
async function namedDataset(
  support: Partial<InitSupport>,
  data: string,
  folder: string,
): Promise<FoundDataset | undefined> {
  return (await support.findDatasets?.(pathFrom(data, folder)))?.[0];
}

/** What nobody was asked about: what the file says, and what else was found. */
function writtenLines({ data, train, on }: Choices, datasets: readonly FoundDataset[]): Line[] {
  const others = datasets.map(({ path }) => path).filter((path) => path !== data);
  const options = Object.entries(train).map(([name, value]) => `${name} ${value}, `);
  return [
    [`Wrote: data ${data ?? "(none found)"}, ${options.join("")}on ${on}.`],
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
