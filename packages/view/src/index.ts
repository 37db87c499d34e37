export {
  formatBitRate,
  formatBytes,
  formatCount,
  formatMinutes,
  formatNumber,
  formatSeconds,
  formatUsd,
  toPlainLine,
  toPlainText,
} from "@unitrain/core/spec";
export { applyEvent } from "./apply-event.ts";
export { type CostRow, calculateDuration, listCosts } from "./cost-rows.ts";
export { type EpochRow, type EpochRows, listEpochs } from "./epoch-rows.ts";
export { createEventLines, type EventLines } from "./event-lines.ts";
export { formatAge, formatDuration, formatEstimate, formatPace } from "./format/duration.ts";
export { formatLoss, formatPercent, formatScore, formatUnitPrice } from "./format/figure.ts";
export { formatDateTime, formatMonth, formatTime, formatTimeWithSeconds } from "./format/time.ts";
export { isRunEvent } from "./is-run-event.ts";
export { formatLimit } from "./limit-text.ts";
export { decidingFigure, type Figure, figuresIn, lossesIn, type Metrics, scoresIn } from "./metrics.ts";
export { describeCosts } from "./money.ts";
export { offerName } from "./offer-name.ts";
export { describePhase } from "./phase-detail.ts";
export { phaseName } from "./phase-names.ts";
export { isUploadOverlapping, listPhases, type PhaseRow } from "./phase-rows.ts";
export {
  bestEpoch,
  createRunView,
  isGuarded,
  isRented,
  lastMetrics,
  type RunView,
} from "./run-view.ts";
export { estimateEnd, formatPosition, shareDone } from "./training-progress.ts";
