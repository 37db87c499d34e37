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
export { formatOfferName } from "./format-offer-name.ts";
export { formatPhaseName } from "./format-phase-name.ts";
export { isRunEvent } from "./is-run-event.ts";
export { formatLimit } from "./limit-text.ts";
export {
  type Figure,
  findDecidingFigure,
  listFigures,
  listLosses,
  listScores,
  type Metrics,
} from "./metrics.ts";
export { describeCosts } from "./money.ts";
export { describePhase } from "./phase-detail.ts";
export { isUploadOverlapping, listPhases, type PhaseRow } from "./phase-rows.ts";
export {
  createRunView,
  findBestEpoch,
  getLastMetrics,
  isGuarded,
  isRented,
  type RunView,
} from "./run-view.ts";
export { calculateShareDone, estimateEnd, formatPosition } from "./training-progress.ts";
