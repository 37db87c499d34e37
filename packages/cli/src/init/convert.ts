import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { type InitSupport, UnitrainError } from "@unitrain/core/spec";
import { resolvePath } from "../settings/resolve-path.ts";
import { shortenPath } from "../terminal/render/short-path.ts";
import type { Choices } from "./config-text.ts";

interface ConversionPrompt {
  /** The folder of the configuration. Paths in the configuration are relative to it. */
  readonly target: string;
  /** The working folder. */
  readonly folder: string;
  readonly yes: boolean;
  /** Asks a yes-no question; undefined if nobody can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly print: (text: string) => void;
}

/** Converts the chosen dataset into a new folder if the framework cannot read it directly, and chooses the new folder. */
export async function convertChosen(
  choices: Choices,
  findConversion: InitSupport["findConversion"],
  prompt: ConversionPrompt,
): Promise<Choices> {
  const { target, folder, print } = prompt;
  const path = resolvePath(choices.data, target);
  if (path === undefined || !existsSync(path)) return choices;
  const conversion = await findConversion?.(path, choices.train);
  if (conversion === undefined) return choices;
  const name = statSync(path).isDirectory() ? basename(path) : basename(path, extname(path));
  const convertedFolder = join(dirname(path), `${name}${conversion.suffix}`);
  const [from, into] = [shortenPath(path, folder), shortenPath(convertedFolder, folder)];
  await agree(`${from} is ${conversion.name}. Convert it into ${into}?`, from, prompt);
  const { maskTexts } = await import("../terminal/mask-texts.ts");
  const { summary, notes, warnings } = maskTexts(await conversion.convert(convertedFolder));
  print(`Converted ${from} into ${into}: ${summary}.`);
  for (const note of notes) print(note);
  for (const warning of warnings) print(`! ${warning}`);
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
