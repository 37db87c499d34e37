export {
  clockTime,
  counted,
  dayAndTime,
  duration,
  formatAge,
  loss,
  monthName,
  roughly,
  score,
} from "./format.ts";
export { limitAmount, limitBudget } from "./limit-text.ts";
export { decidingScore, type Figure, lossesIn, type Metrics, scoresIn, sharesIn } from "./metrics.ts";
export { costTexts } from "./money.ts";
export { phaseName } from "./phase-names.ts";
export {
  applyEvent,
  bestEpoch,
  emptyView,
  isGuarded,
  isRented,
  lastMetrics,
  type RunView,
} from "./run-view.ts";
