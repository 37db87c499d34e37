import type { FrameworkCommandLine } from "@unitrain/core/spec";
import { defaultFramework } from "../modules/default-framework.ts";
import { frameworkNamed } from "./framework-named.ts";
import { loadCommandLine } from "./load-command-line.ts";

/** A framework by its name, with what it brings for the command line. The framework itself is loaded later. */
export interface ChosenFramework {
  /** As it was named: `yolo`, `./framework.ts`. */
  readonly word: string;
  readonly module: string;
  readonly commandLine: FrameworkCommandLine;
}

/** Finds a framework by its name, the default where none is given. Throws `INVALID_OPTIONS` or `INVALID_ADAPTER`. */
export async function chooseFramework(word: string | undefined, folder: string): Promise<ChosenFramework> {
  if (word === undefined || word === defaultFramework.name) {
    const { commandLine } = await defaultFramework.loadCommandLine();
    return { word: defaultFramework.name, module: defaultFramework.module, commandLine };
  }
  const module = frameworkNamed(word, folder);
  return { word, module, commandLine: await loadCommandLine(module, folder) };
}
