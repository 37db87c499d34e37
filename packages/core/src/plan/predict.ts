import {
  calculateCostUsd,
  type EstimateRange,
  type Framework,
  formatBitRate,
  formatBytes,
  formatCount,
  formatUsd,
  type PhaseEstimate,
  type Prediction,
  type Quote,
  type Receipt,
} from "../spec/index.ts";
import { calculateSpread, getPhaseSeconds } from "./history.ts";

/** From a home connection to a fast office connection. */
const defaultUplinkBytesPerSecond: EstimateRange = { low: 1e6, likely: 3e6, high: 12e6 };
const defaultEnvironmentSeconds: EstimateRange = { low: 5, likely: 60, high: 240 };
const defaultFinishSeconds: EstimateRange = { low: 45, likely: 70, high: 180 };
const upfrontHoursAtWorst = 24;

export interface PredictInput {
  readonly provider: string;
  readonly framework: Framework;
  readonly quote: Quote;
  readonly job: string;
  readonly data: { readonly files: number; readonly bytes: number };
  /** The upload speed that the user named. */
  readonly uplinkMbps?: number | undefined;
  /** The receipts of earlier runs, newest first. */
  readonly receipts: readonly Receipt[];
}

/** Predicts the time and cost of a run from earlier runs, and from guesses that say so. Undefined if the framework cannot estimate its training. */
export function predict(input: PredictInput): Prediction | undefined {
  const epochs = estimateEpochs(input);
  if (epochs === undefined) return undefined;
  const [boot, upload, environment, finish] = estimateOverheads(input);
  const phases = [boot, upload, environment, epochs, finish];
  const sumSeconds = (which: keyof EstimateRange) => {
    const getSeconds = (phase: PhaseEstimate["phase"]) =>
      phases.find((estimate) => estimate.phase === phase)?.seconds[which] ?? 0;
    return (
      getSeconds("boot") +
      Math.max(getSeconds("upload"), getSeconds("environment")) +
      getSeconds("epochs") +
      getSeconds("finish")
    );
  };
  const seconds = { low: sumSeconds("low"), likely: sumSeconds("likely"), high: sumSeconds("high") };
  const { quote } = input;
  return {
    phases,
    seconds,
    costUsd: {
      low: calculateCostUsd(seconds.low, quote),
      likely: calculateCostUsd(seconds.likely, quote),
      high: calculateCostUsd(seconds.high, quote),
    },
    unknown: describeUnknownCosts(quote),
  };
}

/** Estimates all phases but the training, which is possible even if the framework cannot estimate its training. */
export function estimateOverheads(input: PredictInput) {
  return [
    estimateBoot(input),
    estimateUpload(input),
    estimateEnvironment(input),
    estimateFinish(input),
  ] as const;
}

function estimateBoot({ provider, quote, receipts }: PredictInput): PhaseEstimate {
  const observed = collectFigures(
    receipts.filter(({ lease, machine }) => lease.ownership === "rented" && machine.length > 0),
    (receipt) => add(getPhaseSeconds(receipt, "lease"), getPhaseSeconds(receipt, "connect")),
  );
  const { likely, high } = quote.bootSeconds;
  return estimatePhase(
    "boot",
    observed,
    "boot",
    { low: likely * 0.7, likely, high },
    `as ${provider} states`,
  );
}

function estimateUpload({ data, uplinkMbps, receipts }: PredictInput): PhaseEstimate {
  const size = formatBytes(data.bytes);
  if (uplinkMbps !== undefined) {
    const seconds = (data.bytes * 8) / (uplinkMbps * 1e6);
    return {
      phase: "upload",
      seconds: { low: seconds, likely: seconds * 1.1, high: seconds * 2 },
      basis: `${size} at ${uplinkMbps} Mbit/s, as you said`,
    };
  }
  const rates = receipts
    .filter(({ lease, data: { sentBytes } }) => lease.ownership === "rented" && sentBytes > 1e6)
    .flatMap((receipt) => {
      const seconds = getPhaseSeconds(receipt, "ship");
      return seconds === undefined || seconds <= 0 ? [] : [receipt.data.sentBytes / seconds];
    });
  const observed = calculateSpread(rates);
  const rate = observed ?? defaultUplinkBytesPerSecond;
  return {
    phase: "upload",
    seconds: { low: data.bytes / rate.high, likely: data.bytes / rate.likely, high: data.bytes / rate.low },
    basis: observed
      ? `${size} at ${formatBitRate(observed.likely)}, as in ${formatCount(rates.length, "upload")} before`
      : `${size}, a guess: nothing was uploaded from here yet`,
  };
}

function estimateEnvironment({ receipts }: PredictInput): PhaseEstimate {
  const rented = receipts.filter(({ lease }) => lease.ownership === "rented");
  const observed = collectFigures(rented, (receipt) => getPhaseSeconds(receipt, "environment"));
  return estimatePhase(
    "environment",
    observed,
    "installation",
    defaultEnvironmentSeconds,
    "a guess, beside the upload",
  );
}

function estimateEpochs({ framework, quote, data, job, receipts }: PredictInput): PhaseEstimate | undefined {
  const estimate = framework.estimate?.({ quote, data });
  if (estimate === undefined) return undefined;
  const alike = collectFigures(
    receipts.filter((receipt) => receipt.job === job && isSameMachine(receipt.machine, quote.machine)),
    (receipt) => {
      const seconds = getPhaseSeconds(receipt, "train");
      const done = receipt.epochs?.done ?? 0;
      return seconds === undefined || done === 0 ? undefined : seconds / done;
    },
  );
  const measured = calculateSpread(alike);
  const { low, likely, high } = measured ?? estimate.secondsPerEpoch;
  const { epochs } = estimate;
  return {
    phase: "epochs",
    seconds: { low: low * epochs, likely: likely * epochs, high: high * epochs },
    basis: measured
      ? `${epochs} x ${formatPace(likely)} s, as in ${formatCount(alike.length, "run")} like this one`
      : estimate.basis,
  };
}

function estimateFinish({ receipts }: PredictInput): PhaseEstimate {
  const rented = receipts.filter(({ lease }) => lease.ownership === "rented");
  const observed = collectFigures(rented, (receipt) =>
    add(getPhaseSeconds(receipt, "download"), getPhaseSeconds(receipt, "teardown")),
  );
  return estimatePhase("finish", observed, "run", defaultFinishSeconds, "a guess: download and releasing");
}

function estimatePhase(
  phase: PhaseEstimate["phase"],
  observed: readonly number[],
  unitOfBasis: string,
  defaultSeconds: EstimateRange,
  basis: string,
): PhaseEstimate {
  const spread = calculateSpread(observed);
  return spread === undefined
    ? { phase, seconds: defaultSeconds, basis }
    : { phase, seconds: spread, basis: `${formatCount(observed.length, unitOfBasis)} seen from here` };
}

function collectFigures(
  receipts: readonly Receipt[],
  readFigure: (receipt: Receipt) => number | undefined,
): number[] {
  return receipts.map(readFigure).filter((seconds) => seconds !== undefined);
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** Whether two machines are of one type: `H100-1 in sequoia` and `H100-1 in KEF-3` train at the same speed. */
function isSameMachine(a: string, b: string): boolean {
  return a.split(" in ")[0] === b.split(" in ")[0];
}

function describeUnknownCosts(quote: Quote): string[] {
  const parts: string[] = [];
  if (quote.upfrontUsd === "unknown") {
    const usd = formatUsd(quote.priceUsdPerHour * upfrontHoursAtWorst);
    parts.push(`upfront charge unknown; if ${upfrontHoursAtWorst} h are billed at launch: ${usd}`);
  }
  if (quote.otherUsdPerHour === "unknown")
    parts.push("the cost of storage and address is unknown and not counted");
  return parts;
}

function formatPace(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));
}
