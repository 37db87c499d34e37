/** An implementation to measure. `run` may return a figure in seconds; by default its duration is measured. */
interface Candidate {
  readonly name: string;
  run(): Promise<number | undefined>;
}

export interface Comparison {
  readonly title: string;
  readonly ours: Candidate;
  readonly peer: Candidate;
  /** Number of pairs to measure, after one for warmup. */
  readonly rounds?: number;
  /** Unit for display; seconds by default. */
  readonly unit?: "s" | "ms";
  /** The promised ratio. A warning is printed when more than three quarters of the pairs are above it. */
  readonly maxRatio?: number;
}

/**
 * Runs our implementation and a peer alternately in the same process, so that both are affected equally by other load
 * on the machine. Prints the median of the ratios of each pair, and the quartiles.
 */
export async function compare({
  title,
  ours,
  peer,
  rounds = 7,
  unit = "s",
  maxRatio,
}: Comparison): Promise<void> {
  const pairs: { ours: number; peer: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % 2 === 0;
    const oursMs = await measure(first ? ours : peer);
    const peerMs = await measure(first ? peer : ours);
    if (round > 0) pairs.push(first ? { ours: oursMs, peer: peerMs } : { ours: peerMs, peer: oursMs });
  }
  const ratios = sort(pairs.map((pair) => pair.ours / pair.peer));
  const getMedian = (figures: readonly number[]) => quantile(figures, 0.5);
  const formatFigure = (figure: number) =>
    unit === "ms" ? `${(figure * 1000).toFixed(1)} ms` : `${figure.toFixed(2)} s`;
  console.log(`${title}`);
  console.log(
    `  ${ours.name} ${formatFigure(getMedian(sort(pairs.map((pair) => pair.ours))))}, ${peer.name} ${formatFigure(getMedian(sort(pairs.map((pair) => pair.peer))))}`,
  );
  console.log(
    `  ratio ${getMedian(ratios).toFixed(2)} (${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)}, ${pairs.length} pairs)${maxRatio === undefined ? "" : `, held to ${maxRatio}`}`,
  );
  if (maxRatio === undefined || quantile(ratios, 0.25) <= maxRatio) return;
  console.log(`  This is more than the ${maxRatio} that is promised.`);
}

async function measure(candidate: Candidate): Promise<number> {
  const begin = performance.now();
  const reportedMs = await candidate.run();
  return reportedMs ?? (performance.now() - begin) / 1000;
}

function sort(figures: readonly number[]): readonly number[] {
  return [...figures].sort((a, b) => a - b);
}

function quantile(figures: readonly number[], at: number): number {
  const position = (figures.length - 1) * at;
  const [low, high] = [figures[Math.floor(position)] ?? 0, figures[Math.ceil(position)] ?? 0];
  return low + (high - low) * (position - Math.floor(position));
}
