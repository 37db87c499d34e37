import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { type FoundDataset, type InitSupport, UnitrainError } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { chooseFramework } from "../framework/chosen-framework.ts";
import { askDataset, askMachine, askOptions } from "../init/ask.ts";
import { type Choices, configText } from "../init/config-text.ts";
import { convertChosen } from "../init/convert.ts";
import { listSshAliases } from "../machines/list-ssh-aliases.ts";
import { defaultFramework } from "../modules/default-framework.ts";
import { configNames } from "../settings/config/find-config.ts";
import type { Flags } from "../settings/flags.ts";
import { resolvePath } from "../settings/resolve-path.ts";
import { askToConfirm } from "../terminal/ask.ts";
import { type Line, styled } from "../terminal/render/line.ts";
import { shortenPath } from "../terminal/render/short-path.ts";
import { canAsk } from "../terminal/screen/screen.ts";
import { writeLines } from "../terminal/write.ts";

/** Writes `unitrain.config.ts`: finds a dataset, converts it if necessary, and asks questions if there is a terminal. */
export async function init(
  folderArgument: string | undefined,
  flags: Flags,
  context: CliContext,
): Promise<ExitCode> {
  const { stdout, stderr, env, folder } = context;
  const target = resolvePath(folderArgument ?? ".", folder);
  refuseToOverwrite(target, flags, folder);
  const framework = frameworkSeenFrom(target, flags.framework, folder);
  const support: Partial<InitSupport> =
    (await chooseFramework(flags.framework, folder)).commandLine.init ?? {};
  const asks = flags.yes !== true && canAsk(context);
  const found = (await support.findDatasets?.(target)) ?? [];
  const aliases = asks ? listSshAliases(env) : undefined;
  const chosen = { framework, ...(await choose(found, support, flags, { target, folder, aliases })) };
  await refuseSecrets(configText(chosen, support));
  const print = (text: string) => writeLines(stderr, [text]);
  const confirm = asks ? (message: string) => askToConfirm({ message }) : undefined;
  const choices = await convertChosen(chosen, support.findConversion, {
    ...{ target, folder, yes: flags.yes === true, confirm, print },
  });
  const { makeFolders } = await import("@unitrain/core");
  await makeFolders(target);
  const file = join(target, "unitrain.config.ts");
  await writeFile(file, configText(choices, support), { flag: flags.force === true ? "w" : "wx" });
  writeLines(stdout, [shortenPath(file, folder)]);
  const lines = asks ? [] : writtenLines(choices, found);
  writeLines(stderr, [...lines, ...listNextSteps(choices, folderArgument)]);
  return exitCodes.done;
}

function refuseToOverwrite(target: string, { force }: Flags, folder: string): void {
  const existing = configNames.map((name) => join(target, name)).find(existsSync);
  if (existing === undefined || force === true) return;
  throw new UnitrainError("INVALID_OPTIONS", `${shortenPath(existing, folder)} already exists.`, {
    hint: "Add --force to overwrite unitrain.config.ts.",
  });
}

/** Refuses choices that hold a secret, such as the password of an address, because configurations are committed. */
async function refuseSecrets(config: string): Promise<void> {
  const { createSanitizer } = await import("@unitrain/core");
  const sanitizer = createSanitizer();
  const masked = `${sanitizer.write(config)}${sanitizer.end()}`;
  if (masked === config) return;
  const lines = masked.split("\n").filter((line) => line.includes("[redacted]"));
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `The configuration would contain a secret: ${lines.join(" ").trim()}`,
    {
      hint: "Leave it out. unitrain logs in with SSH keys, and takes other secrets from environment variables: --secret NAME.",
    },
  );
}

/** Converts a path that was typed in the working folder to one that is relative to the folder of the configuration. */
function seenFrom(target: string, data: string, folder: string): string {
  const path = resolvePath(data, folder);
  if (target === folder || isAbsolute(data) || data.startsWith("~") || !existsSync(path)) return data;
  return relative(target, path).split(sep).join("/");
}

/** Returns the name of the framework for the configuration. The default needs no name, and a file is relative to the configuration. */
function frameworkSeenFrom(target: string, word: string | undefined, folder: string): string | undefined {
  if (word === undefined || word === defaultFramework.name) return undefined;
  const path = seenFrom(target, word, folder);
  return /^\.{1,2}[\\/]/.test(word) && !path.startsWith(".") ? `./${path}` : path;
}

/** Chooses dataset, options and machine: asks a person if `aliases` is defined, or else takes what was found and proposed. */
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

/** Finds the dataset of `--data`, which may be in any folder. */
async function namedDataset(
  support: Partial<InitSupport>,
  data: string,
  folder: string,
): Promise<FoundDataset | undefined> {
  return (await support.findDatasets?.(resolvePath(data, folder)))?.[0];
}

/** Describes what was written without asking, and which other datasets were found. */
function writtenLines({ data, train, on }: Choices, datasets: readonly FoundDataset[]): Line[] {
  const unused = datasets.map(({ path }) => path).filter((path) => path !== data);
  const options = Object.entries(train).map(([name, value]) => `${name} ${value}, `);
  return [
    [`Wrote: data ${data ?? "(none found)"}, ${options.join("")}on ${on}.`],
    ...(unused.length === 0 || data === undefined
      ? []
      : [
          [
            `Also found: ${unused.slice(0, 5).join(", ")}${unused.length > 5 ? ` and ${unused.length - 5} more` : ""}. Choose another with --data.`,
          ],
        ]),
  ];
}

function listNextSteps({ data, on }: Choices, folderArgument: string | undefined): Line[] {
  const steps: readonly (readonly [command: string, meaning: string])[] = [
    ...(folderArgument === undefined ? [] : [[`cd ${folderArgument}`, ""] as const]),
    ...(data === undefined
      ? [["edit unitrain.config.ts", "no dataset was found: enter yours"] as const]
      : []),
    ...(on === "local" ? [] : [["unitrain doctor", `check whether ${on} is ready`] as const]),
    ["unitrain plan", "check dataset and options, and show where each value comes from"],
    ["unitrain train", "train, and download the model"],
  ];
  const width = Math.max(...steps.map(([command]) => command.length)) + 3;
  return [
    ["Next:"],
    ...steps.map(([command, meaning]): Line => [`  ${command.padEnd(width)}`, styled("dim", meaning)]),
  ];
}
