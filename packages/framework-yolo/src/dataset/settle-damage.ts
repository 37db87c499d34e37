import { type Finding, formatNumber } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";
import type { Findings } from "./findings.ts";

/** With more than this share of useless images a set is refused. */
const maxDamagedShare = 0.01;

/**
 * Decides whether images that cannot be trained on refuse the set, or are left out with a warning. Ultralytics leaves them
 * out without a word. A class that does not exist always refuses it: that is a wrong data.yaml rather than a bad file.
 *
 * @param kept How many images are left.
 * @param file What the summary refers to.
 */
export function settleDamage(
  kept: number,
  { skipBad }: Pick<CheckedOptions, "skipBad">,
  file: string,
  findings: Findings,
): void {
  const damaged = findings.skippedImages.size;
  // What was explained as a whole is an error already.
  if (damaged === 0 || !findings.hasUnsettledDamage) return;
  const share = damaged / (kept + damaged);
  const isTooMuch = share > maxDamagedShare && !skipBad;
  const hasUnknownClass = findings.hasDamage(unknownClassKind) && !skipBad;
  findings.settle((kind): Finding["severity"] =>
    isTooMuch || (hasUnknownClass && kind === unknownClassKind) ? "error" : "warning",
  );
  const damagedText = `${formatNumber(damaged)} of ${formatNumber(kept + damaged)} images`;
  if (isTooMuch) {
    const message = `${damagedText} (${formatPercent(share)}) cannot be trained on, because they or their labels are damaged; YOLO would leave them out without a word. Repair them, or pass --skip-bad to leave them out.`;
    findings.error(summaryKind, file, message);
  } else if (hasUnknownClass) {
    const message = `${damagedText} cannot be trained on; some have a class that does not exist. Repair them, or pass --skip-bad to leave them out.`;
    findings.error(summaryKind, file, message);
  } else {
    const message = `${damagedText} (${formatPercent(share)}) ${damaged === 1 ? "is" : "are"} left out of the upload, because they or their labels are damaged.`;
    findings.warning(summaryKind, file, message);
  }
}

/** The kind of the one finding that says how many images are affected in all. */
export const summaryKind = "images left out";

const unknownClassKind = "class ids";

const formatPercent = (share: number): string => {
  const hundredths = share * 100;
  return `${hundredths < 0.1 ? "under 0.1" : hundredths.toFixed(hundredths < 10 ? 1 : 0)} %`;
};
