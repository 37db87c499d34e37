import type * as z from "zod/mini";
import { ofCommands } from "./commands.ts";
import { machine } from "./machine.ts";
import { run } from "./run.ts";
import { trainingSettings } from "./training.ts";

/**
 * Every setting of the command line, each declared once, in the order of the help. `vitest -u` writes what is derived from it
 * into `../generated`: that is what the program reads, since zod alone would triple its start.
 */
export const table = { ...machine, ...trainingSettings, ...run, ...ofCommands };

type Table = typeof table;

/** The configuration that the table allows. The generated `UnitrainConfig` is the same, with docstrings. */
export type InferredConfig = {
  readonly [Name in keyof Table as Table[Name] extends { config: infer Key extends string }
    ? Key
    : never]?: z.infer<Table[Name]["type"]>;
};
