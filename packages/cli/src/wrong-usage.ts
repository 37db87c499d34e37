import { UnitrainError } from "@unitrain/core/spec";
import type { CommanderError } from "commander";
import type { Surroundings } from "./surroundings.ts";

/** What the parser did not understand, as an error of ours that says what to write. */
export async function wrongUsage(
  error: CommanderError,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<UnitrainError> {
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const setting =
    error.code === "commander.unknownOption" ? await settingMeant(first, words, surroundings) : undefined;
  if (setting !== undefined) return setting;
  const message = `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.!?]$/.test(first) ? "" : "."}`;
  return new UnitrainError("INVALID_OPTIONS", message, {
    hint: suggestion?.replace(/^\(|\)$/g, "") ?? hintOf(error, words),
  });
}

function hintOf(error: CommanderError, words: readonly string[]): string {
  const [command = ""] = words;
  if (error.code === "commander.unknownCommand" && /^[./~]|=/.test(command))
    return `To train on it: unitrain train ${words.join(" ")}`;
  if (error.code === "commander.excessArguments" && command === "ssh")
    return "A command for the machine stands behind --: unitrain ssh swift-otter -- nvidia-smi";
  return "unitrain --help lists all commands, unitrain <command> --help its flags.";
}

/** `--epochs 50`, `--epochs=50`: a setting of the framework, written as a flag. */
async function settingMeant(
  complaint: string,
  words: readonly string[],
  { engine }: Surroundings,
): Promise<UnitrainError | undefined> {
  if (words[0] !== "train" && words[0] !== "plan") return undefined;
  const written = /'--?([A-Za-z][\w-]*)(?:=(.*))?'/.exec(complaint);
  if (written === null) return undefined;
  const [, name = "", valueBehind] = written;
  const at = words.findIndex(
    (word) => word.startsWith("-") && word.replace(/^-+/, "").split("=")[0] === name,
  );
  const next = words[at + 1];
  const joined =
    valueBehind ??
    words[at]?.split("=")[1] ??
    (next?.startsWith("-") || next?.includes("=") ? undefined : next);
  const key = await (await engine()).settingNamed(name.replaceAll("-", "_"));
  if (key === undefined) return undefined;
  return new UnitrainError(
    "INVALID_OPTIONS",
    `--${name} is written without dashes: it is a setting of the training.`,
    {
      hint: `Write it as YOLO does: ${key}=${joined ?? "…"}`,
    },
  );
}
