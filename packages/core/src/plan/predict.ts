import {
  costUsd,
  type EstimateRange,
  type Framework,
  formatBytes,
  formatUsd,
  type PhaseEstimate,
  type Prediction,
  type Quote,
  type Receipt,
} from "../spec/index.ts";
import { secondsOf, spreadOf } from "./history.ts";

/** From a home connection to a good office one. */
const defaultUplinkBytesPerSecond: EstimateRange = { low: 1e6, likely: 3e6, high: 12e6 };
const defaultEnvironmentSeconds: EstimateRange = { low: 5, likely: 60, high: 240 };
const defaultFinishSeconds: EstimateRange = { low: 45, likely: 70, high: 180 };
const upfrontHoursAtWorst = 24;

export interface PredictGiven {
  readonly provider: string;
  readonly framework: Framework;
  readonly quote: Quote;
  readonly job: string;
  readonly data: { readonly files: number; readonly bytes: number };
  /** What the user says of the own line. */
  readonly uplinkMbps?: number | undefined;
  /** Of earlier runs, newest first. */
  readonly receipts: readonly Receipt[];
}

/** Time and money of a run, each figure with where it comes from: earlier runs where there are any, else a guess that says so. */
export function predict(given: PredictGiven): Prediction | undefined {
  const epochs = estimateEpochs(given);
  if (epochs === undefined) return undefined;
  const [boot, upload, environment, finish] = estimateOverheads(given);
  const phases = [boot, upload, environment, epochs, finish];
  const inAll = (which: keyof EstimateRange) => {
    const of = (phase: PhaseEstimate["phase"]) =>
      phases.find((one) => one.phase === phase)?.seconds[which] ?? 0;
    return of("boot") + Math.max(of("upload"), of("environment")) + of("epochs") + of("finish");
  };
  const seconds = { low: inAll("low"), likely: inAll("likely"), high: inAll("high") };
  const { quote } = given;
  return {
    phases,
    seconds,
    costUsd: {
      low: costUsd(seconds.low, quote),
      likely: costUsd(seconds.likely, quote),
      high: costUsd(seconds.high, quote),
    },
    unknown: unknownParts(quote),
  };
}

/** What comes beside the training itself; known also where a framework cannot tell how long it trains. */
export function estimateOverheads(given: PredictGiven) {
  return [
    estimateBoot(given),
    estimateUpload(given),
    estimateEnvironment(given),
    estimateFinish(given),
  ] as const;
}

function estimateBoot({ provider, quote, receipts }: PredictGiven): PhaseEstimate {
  const seen = figures(
    receipts.filter(({ lease, machine }) => lease.ownership === "rented" && machine.length > 0),
    (receipt) => add(secondsOf(receipt, "lease"), secondsOf(receipt, "connect")),
  );
  const { likely, high } = quote.bootSeconds;
  return estimatePhase(
    "boot",
    seen,
    "boot",
    { low: likely * 0.7, likely, high },
    `what ${provider} says of itself`,
  );
}

function estimateUpload({ data, uplinkMbps, receipts }: PredictGiven): PhaseEstimate {
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
      const seconds = secondsOf(receipt, "ship");
      return seconds === undefined || seconds <= 0 ? [] : [receipt.data.sentBytes / seconds];
    });
  const seen = spreadOf(rates);
  const rate = seen ?? defaultUplinkBytesPerSecond;
  return {
    phase: "upload",
    seconds: { low: data.bytes / rate.high, likely: data.bytes / rate.likely, high: data.bytes / rate.low },
    basis: seen
      ? `${size} at ${Math.round((seen.likely * 8) / 1e6)} Mbit/s, as in ${times(rates.length, "upload")} before`
      : `${size}, a guess: nothing was uploaded from here yet`,
  };
}

function estimateEnvironment({ receipts }: PredictGiven): PhaseEstimate {
  const rented = receipts.filter(({ lease }) => lease.ownership === "rented");
  const seen = figures(rented, (receipt) => secondsOf(receipt, "environment"));
  return estimatePhase(
    "environment",
    seen,
    "installation",
    defaultEnvironmentSeconds,
    "a guess, beside the upload",
  );
}

function estimateEpochs({ framework, quote, data, job, receipts }: PredictGiven): PhaseEstimate | undefined {
  const estimate = framework.estimate?.({ quote, data });
  if (estimate === undefined) return undefined;
  const alike = figures(
    receipts.filter((receipt) => receipt.job === job && sameMachine(receipt.machine, quote.machine)),
    (receipt) => {
      const seconds = secondsOf(receipt, "train");
      const done = receipt.epochs?.done ?? 0;
      return seconds === undefined || done === 0 ? undefined : seconds / done;
    },
  );
  const measured = spreadOf(alike);
  const { low, likely, high } = measured ?? estimate.secondsPerEpoch;
  const { epochs } = estimate;
  return {
    phase: "epochs",
    seconds: { low: low * epochs, likely: likely * epochs, high: high * epochs },
    basis: measured
      ? `${epochs} x ${round(likely)} s, as in ${times(alike.length, "run")} like this one`
      : estimate.basis,
  };
}

function estimateFinish({ receipts }: PredictGiven): PhaseEstimate {
  const rented = receipts.filter(({ lease }) => lease.ownership === "rented");
  const seen = figures(rented, (receipt) =>
    add(secondsOf(receipt, "download"), secondsOf(receipt, "teardown")),
  );
  return estimatePhase("finish", seen, "run", defaultFinishSeconds, "a guess: download and giving back");
}

function estimatePhase(
  phase: PhaseEstimate["phase"],
  seen: readonly number[],
  what: string,
  otherwise: EstimateRange,
  basis: string,
): PhaseEstimate {
  const spread = spreadOf(seen);
  return spread === undefined
    ? { phase, seconds: otherwise, basis }
    : { phase, seconds: spread, basis: `${times(seen.length, what)} seen from here` };
}

function figures(receipts: readonly Receipt[], of: (receipt: Receipt) => number | undefined): number[] {
  return receipts.map(of).filter((seconds) => seconds !== undefined);
}

function add(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one + other;
}

/** `H100-1 in sequoia` and `H100-1 in KEF-3` train alike. */
function sameMachine(one: string, other: string): boolean {
  return one.split(" in ")[0] === other.split(" in ")[0];
}

function unknownParts(quote: Quote): string[] {
  const parts: string[] = [];
  if (quote.upfrontUsd === "unknown") {
    const usd = formatUsd(quote.priceUsdPerHour * upfrontHoursAtWorst);
    parts.push(`upfront charge unknown; if ${upfrontHoursAtWorst} h are billed at launch: ${usd}`);
  }
  if (quote.otherUsdPerHour === "unknown")
    parts.push("what storage and address cost is unknown, and not counted");
  return parts;
}

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function round(seconds: number): string {
  return seconds < 10 ? seconds.toFixed(1) : String(Math.round(seconds));
}
