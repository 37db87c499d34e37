import { type CostPart, calculateHourlyUsd, type PhaseTime, type Quote, roundParts } from "../spec/index.ts";

/** The times of a run, in seconds from its start. */
export interface CostPartsInput {
  readonly phases: readonly PhaseTime[];
  readonly totalSeconds: number;
  /** The periods that cost money, without overlap: one for each machine. */
  readonly paid: readonly { readonly from: number; readonly until: number }[];
  readonly quote: Quote;
  readonly costUsd: number;
}

/**
 * Splits the time and cost of a run among its parts. Every moment counts for exactly one part, so seconds and dollars add up to those
 * of the run.
 */
export function splitCost({ phases, totalSeconds, paid, quote, costUsd }: CostPartsInput): CostPart[] {
  const ends = phases.flatMap(({ startedSeconds, seconds }) => [startedSeconds, startedSeconds + seconds]);
  const bounds = [0, totalSeconds, ...ends, ...paid.flatMap((period) => [period.from, period.until])]
    .filter((at) => at >= 0 && at <= totalSeconds)
    .sort((a, b) => a - b);
  const times = new Map<CostPart["part"], { seconds: number; paidSeconds: number }>();
  for (const [index, from] of bounds.entries()) {
    const until = bounds[index + 1] ?? from;
    if (until <= from) continue;
    const part = findPart(phases, (from + until) / 2);
    const isPaid = paid.some((period) => from >= period.from && until <= period.until);
    const { seconds = 0, paidSeconds = 0 } = times.get(part) ?? {};
    times.set(part, {
      seconds: seconds + until - from,
      paidSeconds: paidSeconds + (isPaid ? until - from : 0),
    });
  }
  const parts = [...order, "other" as const].flatMap((part) => {
    const time = times.get(part);
    return time === undefined ? [] : [{ part, ...time }];
  });
  const perSecond = calculateHourlyUsd(quote) / 3600;
  const exact = parts.map(({ paidSeconds }) => paidSeconds * perSecond);
  const roundingUsd = costUsd - exact.reduce((sum, usd) => sum + usd, 0);
  const usd = roundParts([...exact, roundingUsd], 0.01);
  return [
    ...parts.map(({ part, seconds, paidSeconds }, index) => ({
      part,
      seconds: roundToMilliseconds(seconds),
      paidSeconds: roundToMilliseconds(paidSeconds),
      usd: usd[index] ?? 0,
    })),
    { part: "rounding" as const, seconds: 0, paidSeconds: 0, usd: usd.at(-1) ?? 0 },
  ];
}

const order = ["boot", "upload", "environment", "epochs", "finish"] as const;

/** Where phases overlap, the time counts for the first of these: the environment is installed during the upload. */
const precedence: readonly (readonly [phase: string, part: CostPart["part"]])[] = [
  ["train", "epochs"],
  ["start", "epochs"],
  ["ship", "upload"],
  ["environment", "environment"],
  ["lease", "boot"],
  ["connect", "boot"],
  ["locate", "finish"],
  ["download", "finish"],
  ["teardown", "finish"],
];

function findPart(phases: readonly PhaseTime[], at: number): CostPart["part"] {
  const active = phases.filter(
    ({ startedSeconds, seconds }) => startedSeconds <= at && at < startedSeconds + seconds,
  );
  const found = precedence.find(([phase]) => active.some((phaseTime) => phaseTime.phase === phase));
  return found?.[1] ?? "other";
}

function roundToMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
