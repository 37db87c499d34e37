import { UnitrainError } from "@unitrain/core/spec";
import { describeModule } from "./adapter-package.ts";
import { formatInstallCommand } from "./install-command.ts";

/** Creates the error for a module of an adapter that cannot be loaded: it is not installed, or its code fails. */
export function createLoadError(
  kind: string,
  { module, folder }: { readonly module: string; readonly folder: string },
  error: unknown,
): UnitrainError {
  if (UnitrainError.isInstance(error)) return error;
  const message = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  const isMissing =
    (error as NodeJS.ErrnoException | null)?.code === "ERR_MODULE_NOT_FOUND" &&
    message.includes(`'${module}'`);
  return new UnitrainError(
    "INVALID_ADAPTER",
    isMissing
      ? `The ${kind} ${module} is not installed in ${folder}.`
      : `${describeModule(module, folder)} cannot be loaded: ${message}`,
    {
      hint: isMissing
        ? `Install it: ${formatInstallCommand(module, folder)}`
        : module.startsWith("file:")
          ? "Correct the file."
          : `Install another version of ${module}. If it is yours, correct its code.`,
      cause: error,
      phase: "plan",
    },
  );
}
