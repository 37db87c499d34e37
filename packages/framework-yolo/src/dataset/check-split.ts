import type { DataYaml } from "./data-yaml.ts";
import { type Findings, formatPath } from "./findings.ts";
import { describeMissingLabels, findMissingReason } from "./missing-labels.ts";
import type { SplitContent } from "./read-split.ts";
import type { Split, SplitName } from "./splits.ts";

/** A split and its content. */
export interface SplitResult {
  readonly split: Split;
  readonly content: SplitContent;
  /** An earlier split with the same sources. */
  readonly sameAs?: SplitName;
}

/** Reports problems of a split as a whole, such as missing labels. */
export function checkSplit({ split, content }: SplitResult, yaml: DataYaml, findings: Findings): void {
  if (split.sources.length === 0) return;
  const { name, line } = split;
  const { images, labeled, damagedLabels, tally, shipped, firstImage } = content;
  const error = (message: string) => findings.error(`${name} as a whole`, yaml.file, message, line);
  if (firstImage === undefined) {
    error(`${name} has no images: ${split.sources.map(formatPath).join(", ")} holds none.`);
  } else if (labeled === 0 && (name === "train" || findMissingReason(firstImage) !== "")) {
    error(describeMissingLabels(split, firstImage));
  } else if (labeled > 0 && damagedLabels * 2 > labeled && findings.hasUnsettledDamage) {
    error(
      `${damagedLabels} of ${labeled} labels of ${name} cannot be trained on: most of the split would be lost.`,
    );
  } else if (shipped.count === 0 && findings.hasUnsettledDamage) {
    error(`No image of ${name} can be used: all of them, or their labels, are damaged.`);
  } else if (tally.rows === 0 && name === "train") {
    error(`All labels of ${name} are empty: there is nothing to learn.`);
  } else if (tally.rows === 0) {
    const message = `${name} has only backgrounds, which are images without objects: without metrics, best.pt cannot be chosen by how well the model performs.`;
    findings.warning(`backgrounds of ${name}`, yaml.file, message, line);
  } else if (labeled * 2 < images) {
    const message = `${images - labeled} of ${images} images of ${name} have no label: they count as backgrounds.`;
    findings.warning(`backgrounds of ${name}`, yaml.file, message, line);
  }
}
