import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { pathFrom } from "../settings/paths.ts";
import { shortPath } from "../terminal/render/short-path.ts";
import type { Choices } from "./config-text.ts";
import { findFiles } from "./find-datasets.ts";

interface ConversionPrompt {
  /** Where the configuration is written: paths in it are as seen from there. */
  readonly target: string;
  /** The working folder. */
  readonly folder: string;
  readonly yes: boolean;
  /** Undefined where nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly print: (text: string) => void;
}

/** Converts the chosen dataset where it is in another form than YOLO's, into a new folder, which is chosen then. */
export async function convertChosen(choices: Choices, prompt: ConversionPrompt): Promise<Choices> {
  const { target, folder, print } = prompt;
  const path = pathFrom(choices.data, target);
  if (path === undefined || !existsSync(path)) return choices;
  const isFolder = statSync(path).isDirectory();
  if (!isFolder && /\.ya?ml$/i.test(path)) return choices;
  const { foreignDataset, isUndivided } = await import("@unitrain/framework-yolo");
  const isOurs = isFolder && (await findFiles(path)).datasets.length > 0;
  if (isOurs && !(await isUndivided(path))) return choices;
  const foreign = await foreignDataset(path);
  if (foreign === undefined) return choices;
  const name = isFolder ? basename(path) : basename(path, extname(path));
  const convertedFolder = join(dirname(path), `${name}-yolo`);
  const [from, into] = [shortPath(path, folder), shortPath(convertedFolder, folder)];
  await agree(`${from} is ${foreign.name}. Convert it into ${into}?`, from, prompt);
  const { images, classes, isDivided, notes } = foreign.convert(convertedFolder, {
    task: /-seg[-.]/.test(choices.model) ? "segment" : /-pose[-.]/.test(choices.model) ? "pose" : "detect",
  });
  const counts = Object.entries(images)
    .filter(([, count]) => count > 0)
    .map(([split, count]) => `${count} ${split}`);
  print(
    `Converted ${from} into ${into}: ${counts.join(" + ")} images, ${classes} ${classes === 1 ? "class" : "classes"}.`,
  );
  if (isDivided) print("The source has no validation split: one image in five is kept for it.");
  for (const note of notes) print(`! ${note}.`);
  const data = relative(target, convertedFolder).split(sep).join("/");
  return { ...choices, data: data.startsWith("..") ? data : `./${data}` };
}

async function agree(question: string, from: string, { yes, confirm }: ConversionPrompt): Promise<void> {
  if (yes) return;
  if (confirm === undefined) {
    throw new UnitrainError("INVALID_OPTIONS", question, {
      hint: `To convert it without being asked: unitrain init --data ${from} --yes`,
    });
  }
  if (!(await confirm(question))) throw new UnitrainError("CANCELLED", "Nothing was written.");
}
