import type { FailedTraining, FailureExplanation } from "@unitrain/core/spec";
import { saysDiskFull, saysGpuMemoryFull, saysOutOfMemory } from "./messages.ts";

const killedExitCode = 137;
const notFoundExitCode = 127;

/** Explains a failed command from the end of its log; undefined for an unknown failure. */
export function explainFailure({ exitCode, output }: FailedTraining): FailureExplanation | undefined {
  // Earlier lines may be about problems that the command recovered from.
  const text = output.split("\n").slice(-120).join("\n");
  if (saysDiskFull(text))
    return {
      message: "the machine's disk is full",
      hint: "Write fewer or smaller files, or use a machine with a larger disk.",
    };
  if (saysGpuMemoryFull(text))
    return {
      message: "the GPU ran out of memory",
      hint: "Use a smaller batch or model, or a GPU with more memory.",
    };
  if (exitCode === killedExitCode || saysOutOfMemory(text))
    return {
      message: "it ran out of memory, or was killed (signal 9)",
      hint: "Use a smaller batch or fewer workers, or a machine with more memory.",
    };
  return explainMissing(text, exitCode);
}

function explainMissing(text: string, exitCode: number): FailureExplanation | undefined {
  const module = /^ModuleNotFoundError: No module named '([^']+)'/m.exec(text)?.[1];
  if (module !== undefined)
    return {
      message: `the Python module ${module} is not on the machine`,
      hint: `Add its package to the requirements or name it with --pip. If it is your own code, make sure that it is in the folder of --code and not in .gitignore.`,
    };
  const program =
    exitCode === notFoundExitCode
      ? /(?:^|: )([^\s:]+): (?:command )?not found\s*$/m.exec(text)?.[1]
      : undefined;
  if (program !== undefined)
    return {
      message: `the machine has no program ${program}`,
      hint: "Install it there with a setup line (--setup), or add the package that brings it to the requirements.",
    };
  const file = findMissingFile(text);
  if (file === undefined) return undefined;
  return {
    message: `it did not find ${file === "" ? "a file" : file}`,
    hint: "The command runs in a copy of the folder of --code, without the files that git ignores. Its data is at {data}, or in UNITRAIN_DATA.",
  };
}

/** Finds the file that Python did not find: the script itself, or one that the script opens. */
function findMissingFile(text: string): string | undefined {
  const script = /\bpython[\d.]*: can't open file '([^'\n]{1,500})': \[Errno 2\]/.exec(text)?.[1];
  if (script !== undefined) return script.slice(script.lastIndexOf("/") + 1);
  return /^FileNotFoundError: .*No such file or directory:? ?'?([^'\n]*)'?/m.exec(text)?.[1];
}
