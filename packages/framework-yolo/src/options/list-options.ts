import type { OptionDeclaration } from "@unitrain/core/spec";
import { trainArguments } from "./arguments.ts";
import { listArgumentChoices } from "./choices.ts";
import { listOtherNames } from "./suggest.ts";

/**
 * Lists everything that is written `key=value` on the command line: the arguments of `yolo train`, and classes of the user's own.
 *
 * @example
 * ```ts
 * import { listOptions } from "@unitrain/framework-yolo";
 *
 * const options = await listOptions();
 * console.log(options.find(({ name }) => name === "cache")?.completes); // ["ram", "disk", "True", "False"]
 * ```
 */
export async function listOptions(): Promise<readonly OptionDeclaration[]> {
  return [...Object.keys(trainArguments), "trainer", "validator"].map((name) => {
    const [completes, otherNames] = [listArgumentChoices(name), listOtherNames(name)];
    return {
      name,
      ...(completes.length === 0 ? {} : { completes }),
      ...(otherNames.length === 0 ? {} : { otherNames }),
    };
  });
}
