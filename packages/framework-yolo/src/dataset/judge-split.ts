import { type Findings, shownPath } from "./findings.ts";
import { missingLabels } from "./missing-labels.ts";
import type { ReadSplit } from "./read-split.ts";
import type { DataYaml } from "./read-yaml.ts";
import type { Split } from "./splits.ts";

/** A split, and what was found in it. */
export interface ReadSplitOf {
  readonly split: Split;
  readonly content: ReadSplit;
}

/** What is wrong with a split as a whole. */
export function judgeSplit({ split, content }: ReadSplitOf, yaml: DataYaml, findings: Findings): void {
  if (split.sources.length === 0) return;
  const fault = faultOf(split, content);
  if (fault !== undefined) {
    findings.error(`${split.name} as a whole`, yaml.file, fault, split.line);
  } else if (content.labelled * 2 < content.images) {
    const missing = content.images - content.labelled;
    const message = `${missing} of ${content.images} pictures of ${split.name} have no label: they are taken as backgrounds.`;
    findings.warning(`backgrounds of ${split.name}`, yaml.file, message, split.line);
  }
}

function faultOf(split: Split, { firstImage, labelled, tally }: ReadSplit): string | undefined {
  if (firstImage === undefined) {
    return `${split.name} has no pictures: ${split.sources.map(shownPath).join(", ")} holds none.`;
  }
  if (labelled === 0) return missingLabels(split, firstImage);
  return tally.rows === 0 ? `All labels of ${split.name} are empty: there is nothing to learn.` : undefined;
}
