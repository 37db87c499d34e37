import type { OptionDeclaration } from "@unitrain/core/spec";
import { trainArguments } from "./arguments.ts";
import { listArgumentChoices } from "./choices.ts";
import { listOtherNames } from "./suggest.ts";

/** Everything that is written `key=value`: the arguments of `yolo train`, and classes of the user's own. */
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
