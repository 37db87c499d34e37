import { isAbsolute } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { z } from "zod";

const schema = z.strictObject({
  workFolder: z
    .string()
    .refine((folder) => isAbsolute(folder) || folder.startsWith("~/"), "must be absolute, or begin with ~/")
    .optional(),
});

export interface LocalOptions {
  /** Where datasets, jobs and their outputs lie: absolute, or below the home folder with `~/`. By default `~/.unitrain/1`. */
  readonly workFolder?: string;
}

export function parseOptions(options: LocalOptions): LocalOptions {
  const { success, data, error } = schema.safeParse(options);
  if (success) return data.workFolder === undefined ? {} : { workFolder: data.workFolder };
  throw new UnitrainError("INVALID_OPTIONS", `local(): ${z.prettifyError(error)}`, {
    hint: "The one option there is: workFolder.",
    cause: error,
  });
}
