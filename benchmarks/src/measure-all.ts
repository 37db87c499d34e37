import { readFileSync } from "node:fs";

/** A way to do something that is compared to others. */
export interface Contender {
  readonly name: string;
  /** Runs before each round, unmeasured. */
  prepare?(): Promise<void>;
  run(): Promise<void>;
}

/** What was measured of one contender: quartiles of the seconds, and of its time relative to the first contender's in the same round. */
export interface Figures {
  readonly name: string;
  readonly seconds: Quartiles;
  readonly ratio: Quartiles;
  /** The median of the processor seconds of this computer, of the contender's processes. */
  readonly cpuSeconds: number;
}

export interface Quartiles {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

interface Sample {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * Runs all contenders alternately in this process, after one round of warmup, so that all of them are affected equally by other load. The
 * order is turned in each round.
 */
export async function measureAll(
  contenders: readonly Contender[],
  rounds: number,
): Promise<readonly Figures[]> {
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const turn = round % contenders.length;
    for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
      await contender.prepare?.();
      const sample = await measure(contender);
      if (round > 0 || rounds === 0) samples.get(contender)?.push(sample);
    }
  }
  const first = [...samples.values()][0] ?? [];
  return [...samples].map(([{ name }, taken]) => ({
    name,
    seconds: quartiles(taken.map(({ seconds }) => seconds)),
    ratio: quartiles(taken.map(({ seconds }, at) => seconds / (first[at]?.seconds ?? Number.NaN))),
    cpuSeconds: quartiles(taken.map(({ cpuSeconds }) => cpuSeconds)).median,
  }));
}

async function measure({ run }: Contender): Promise<Sample> {
  const [cpuBefore, begin] = [readCpuSeconds(), performance.now()];
  await run();
  return { seconds: (performance.now() - begin) / 1_000, cpuSeconds: readCpuSeconds() - cpuBefore };
}

/** The processor time of this process and of its children that have ended. */
function readCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1e6;
  if (process.platform !== "linux") return own;
  // The fields after the name, which may contain spaces; times are in hundredths of a second.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return own + (Number(fields[13]) + Number(fields[14])) / 100;
}

function quartiles(figures: readonly number[]): Quartiles {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (part: number) => {
    const position = (sorted.length - 1) * part;
    const [low = 0, high = low] = [sorted[Math.floor(position)], sorted[Math.ceil(position)]];
    return low + (high - low) * (position - Math.floor(position));
  };
  return { low: at(0.25), median: at(0.5), high: at(0.75) };
}
