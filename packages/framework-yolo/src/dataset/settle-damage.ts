import { type Finding, formatNumber } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { Findings } from "./findings.ts";

/** A dataset with a larger share of damaged images is rejected. */
const maxDamagedShare = 0.01;

/**
 * Decides whether damaged images are an error or are skipped with a warning; Ultralytics skips them silently. A class
 * that does not exist is always an error, because it indicates a wrong data.yaml rather than a bad file.
 *
 * @param kept Number of images that remain.
 * @param file File that the summary refers to.
 */
export function settleDamage(
  kept: number,
  { skipBad }: Pick<CheckedOptions, "skipBad">,
  file: string,
  findings: Findings,
): void {
  const damaged = findings.skippedImages.size;
  // Damage with an explanation is already an error.
  if (damaged === 0 || !findings.hasUnsettledDamage) return;
  const share = damaged / (kept + damaged);
  const isTooMuch = share > maxDamagedShare && !skipBad;
  const hasUnknownClass = findings.hasDamage(unknownClassKind) && !skipBad;
  findings.settle((kind): Finding["severity"] =>
    isTooMuch || (hasUnknownClass && kind === unknownClassKind) ? "error" : "warning",
  );
  const damagedText = `${formatNumber(damaged)} of ${formatNumber(kept + damaged)} images`;
  if (isTooMuch) {
    const message = `${damagedText} (${formatPercent(share)}) cannot be trained on, because they or their labels are damaged; YOLO would skip them silently. Repair them, or pass --skip-bad to skip them.`;
    findings.error(summaryKind, file, message);
  } else if (hasUnknownClass) {
    const message = `${damagedText} cannot be trained on; some have a class that does not exist. Repair them, or pass --skip-bad to skip them.`;
    findings.error(summaryKind, file, message);
  } else {
    const message = `${damagedText} (${formatPercent(share)}) ${damaged === 1 ? "is" : "are"} not uploaded, because they or their labels are damaged.`;
    findings.warning(summaryKind, file, message);
  }
}

/** Kind of the finding with the total number of skipped images. */
export const summaryKind = "images left out";

const unknownClassKind = "class ids";

const formatPercent = (share: number): string => {
  const hundredths = share * 100;
  return `${hundredths < 0.1 ? "under 0.1" : hundredths.toFixed(hundredths < 10 ? 1 : 0)} %`;
};
