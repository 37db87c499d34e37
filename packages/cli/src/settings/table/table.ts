import type * as z from "zod/mini";
import { ofCommands } from "./commands.ts";
import { machine } from "./machine.ts";
import { run } from "./run.ts";
import { trainingSettings } from "./training.ts";

/**
 * All settings of the command line, in the order of the help. Each is declared once. `vitest -u` generates the files in
 * `../generated` from it. The program reads those, because loading zod would triple its start time.
 */
export const table = { ...machine, ...trainingSettings, ...run, ...ofCommands };

type Table = typeof table;

/** The type of the configuration that follows from the table. The generated `UnitrainConfig` is equal and has docstrings. */
export type InferredConfig = {
  readonly [Name in keyof Table as Table[Name] extends { config: infer Key extends string }
    ? Key
    : never]?: z.infer<Table[Name]["type"]>;
};
