import { CommanderError } from "commander";
import { declareCommands } from "./command-list.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import type { Surroundings } from "./surroundings.ts";
import { beginsLikeYolo } from "./yolo-words.ts";

/** Parses a command line and runs its command. Bodies are imported only when they are called, so that help is quick. */
export async function readCommandLine(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = declareCommands(surroundings, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(beginsLikeYolo(words) ? ["train", ...words] : [...words], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return await endOfParsing(error, words, surroundings);
    throw error;
  }
}

/** Help and version are no errors; everything else is wrong usage. */
async function endOfParsing(
  error: CommanderError,
  words: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  if (error.exitCode === 0) return exitCodes.done;
  if (error.code === "commander.help") return exitCodes.usage;
  const [first = "", suggestion] = error.message.replace(/^error: /, "").split("\n");
  const { UnitrainError } = await import("@unitrain/core/spec");
  const { reportError } = await import("./report-error.ts");
  const wrong = new UnitrainError(
    "INVALID_OPTIONS",
    `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.!?]$/.test(first) ? "" : "."}`,
    {
      hint:
        suggestion?.replace(/^\(|\)$/g, "") ??
        "unitrain --help lists all commands, unitrain <command> --help its flags.",
    },
  );
  reportError(wrong.toJSON(), wrong, surroundings, words.includes("--json"));
  return exitCodes.usage;
}
