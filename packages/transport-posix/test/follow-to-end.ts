import type { JobState, Session } from "@unitrain/core/spec";
import { testContext } from "./context.ts";

/** Reads the log of a job from an offset to its end. */
export async function readLog(session: Session, jobId: string, offset = 0): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let next = offset;
  for await (const part of session.follow(jobId, offset, testContext())) {
    if (part.kind !== "log") continue;
    if (part.offset !== next) throw new Error(`a gap in the log: ${part.offset} instead of ${next}`);
    next += part.bytes.length;
    chunks.push(Buffer.from(part.bytes));
  }
  return Buffer.concat(chunks);
}

/** Follows a job to its end, then returns its state. */
export async function followToEnd(session: Session, jobId: string): Promise<JobState> {
  await readLog(session, jobId);
  return session.getJobState(jobId, testContext());
}

/** Waits until the log contains this text. */
export async function waitForLogText(session: Session, jobId: string, text: string): Promise<string> {
  let log = "";
  for await (const part of session.follow(jobId, 0, testContext())) {
    if (part.kind === "log") log += Buffer.from(part.bytes).toString();
    if (log.includes(text)) return log;
  }
  throw new Error(`the job ended without printing ${JSON.stringify(text)}: ${log}`);
}
