import type { LocalLog } from "../../../follow/local-log.ts";
import type { LogTail } from "../../../follow/log-tail.ts";
import type { ProgressTracker } from "../../../follow/progress-tracker.ts";
import { emit, type Reporter } from "../../../journal/reporter.ts";
import type { watchProjection } from "../../../money/projection.ts";
import type { OutputSanitizer } from "../../../sanitize/output-sanitizer.ts";
import {
  type FollowPart,
  formatBytes,
  type Plan,
  type Progress,
  type ProgressReader,
} from "../../../spec/index.ts";

/** What it takes to take the output of a training. */
export type OutputTakingRun = Reporter & {
  readonly plan: Pick<Plan, "name" | "metrics">;
  readonly sanitizer: OutputSanitizer;
};

/** What one process keeps of a training's output while it follows the training. */
export interface Followed {
  log?: LocalLog;
  readonly tail: LogTail;
  /** The end of withheld output. It only serves to find the model. */
  readonly withheldTail: LogTail;
  readonly tracker: ProgressTracker;
  readonly project: ReturnType<typeof watchProjection>;
  readonly reader: ProgressReader;
  /** The last warning about unreadable progress. */
  unreadable?: string;
  /** The position in the machine's log up to which its output was withheld. */
  withheldTo?: number;
}

/** Takes the training's output, from `position` in the machine's log on. */
export interface TrainingOutput {
  readonly position: number;
  write(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Whether this output is withheld and the missing values have arrived, so that it can be read again and shown. */
  canBeShown(): boolean;
}

/**
 * Starts to take the training's output. It is shown, unless the values of secrets are missing, with which it would have to be masked.
 * Withheld output is only read for progress, which is numbers with known names. The local log does not advance, so that a process that has the values can
 * continue it.
 */
export async function openOutput(
  run: OutputTakingRun,
  log: LocalLog,
  into: Followed,
): Promise<TrainingOutput> {
  const { missing } = run.sanitizer;
  if (missing.length === 0) return showOutput(run, log, into);
  if (into.withheldTo === undefined) await warnAboutWithheld(run, missing);
  return withholdOutput(run, log, into);
}

function showOutput(run: OutputTakingRun, log: LocalLog, into: Followed): TrainingOutput {
  const stream = run.sanitizer.createStream(log.offsets.raw);
  const take = async (bytes: Buffer) => {
    if (bytes.length === 0) return;
    const { local, raw } = await log.append(bytes, stream.position);
    const text = bytes.toString("utf8");
    into.tail.add(text);
    await emit(run, { type: "log", text, localBytes: local });
    // Output that was withheld before has already been read for progress.
    if (raw > (into.withheldTo ?? 0)) await emitReadProgress(run, into, () => into.reader.text(text));
  };
  return {
    get position() {
      return log.offsets.raw;
    },
    write: (bytes) => take(stream.write(bytes)),
    end: () => take(stream.end()),
    canBeShown: () => false,
  };
}

function withholdOutput(run: OutputTakingRun, log: LocalLog, into: Followed): TrainingOutput {
  const { sanitizer } = run;
  const stream = sanitizer.createPrivateStream(Math.max(log.offsets.raw, into.withheldTo ?? 0));
  const take = async (bytes: Buffer) => {
    into.withheldTo = stream.position;
    if (bytes.length === 0) return;
    const text = bytes.toString("utf8");
    into.withheldTail.add(text);
    await emitReadProgress(run, into, () => into.reader.text(text));
  };
  return {
    get position() {
      return stream.position;
    },
    write: (bytes) => take(stream.write(bytes)),
    end: () => take(stream.end()),
    canBeShown: () => sanitizer.missing.length === 0,
  };
}

async function warnAboutWithheld(run: OutputTakingRun, missing: readonly string[]): Promise<void> {
  const names = missing.join(", ");
  await emit(run, {
    type: "warning",
    phase: "train",
    message: `The output of the training is withheld, because the value of ${names} is missing, with which it would have to be masked.`,
    hint: `Set ${names} to see it.`,
    action: { type: "attach", run: run.plan.name },
    withheldFor: missing,
  });
}

/** Notes in the local log that output was withheld until the end of the training, because it is on no other computer afterwards. */
export async function noteWithheldOutput(
  run: OutputTakingRun,
  { log, tail, withheldTo = 0 }: Followed,
): Promise<void> {
  if (log === undefined || withheldTo <= log.offsets.raw) return;
  const names = run.sanitizer.missing.join(", ");
  const size = formatBytes(withheldTo - log.offsets.raw);
  const text = `[unitrain withheld ${size} of output, because the value of ${names} was missing]\n`;
  tail.add(text);
  try {
    const { local } = await log.append(Buffer.from(text), withheldTo);
    await emit(run, { type: "log", text, localBytes: local });
  } catch {
    // The local disk is full. The training has ended, and its model is downloaded.
  }
}

/** Takes the content of a watched file, which only serves to read progress. */
export async function readProgressFile(
  run: OutputTakingRun,
  part: Extract<FollowPart, { kind: "file" }>,
  into: Followed,
): Promise<void> {
  const content = run.sanitizer.maskText(Buffer.from(part.bytes).toString("utf8"));
  await emitReadProgress(run, into, () => into.reader.file(part.path, content));
}

/** Reads progress and emits it. If the framework cannot read its own output, a warning is shown and the training continues. */
async function emitReadProgress(
  run: OutputTakingRun,
  into: Followed,
  read: () => readonly Progress[],
): Promise<void> {
  let all: readonly Progress[] = [];
  try {
    all = read();
  } catch (error) {
    const { maskError, missing } = run.sanitizer;
    // The message may quote the output.
    const reason = missing.length === 0 ? maskError(error).message : "the reason is withheld";
    const text = `Cannot read the progress: ${reason}`;
    if (into.unreadable !== text) await emit(run, { type: "warning", phase: "train", message: text });
    into.unreadable = text;
  }
  for (const progress of all) await emitProgress(run, into, withKnownMetrics(run, into, progress));
}

/** Drops metrics whose names may be a part of withheld output: a header of a table is text as well. */
function withKnownMetrics(run: OutputTakingRun, { tracker }: Followed, progress: Progress): Progress {
  if (run.sanitizer.missing.length === 0) return progress;
  const described = run.plan.metrics?.columns.map(({ key }) => key) ?? [];
  const known = new Set([...described, ...Object.keys(tracker.last?.metrics ?? {})]);
  const metrics = Object.entries(progress.metrics).filter(([name]) => known.has(name));
  return { ...progress, metrics: Object.fromEntries(metrics) };
}

async function emitProgress(
  run: Reporter,
  { tracker, project }: Followed,
  progress: Progress,
): Promise<void> {
  const event = tracker.update(progress);
  if (event === undefined) return;
  await emit(run, event);
  const warning = project(event);
  if (warning !== undefined) await emit(run, warning);
}
