import type { JobState, Session } from "@unitrain/core/spec";
import { testContext } from "./context.ts";

/** All that a job says, from an offset on. */
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

/** Follows to the end, then looks. */
export async function followToEnd(session: Session, jobId: string): Promise<JobState> {
  await readLog(session, jobId);
  return session.getJobState(jobId, testContext());
}

/** Until the log holds this text. */
export async function waitForLogText(session: Session, jobId: string, text: string): Promise<string> {
  let log = "";
  for await (const part of session.follow(jobId, 0, testContext())) {
    if (part.kind === "log") log += Buffer.from(part.bytes).toString();
    if (log.includes(text)) return log;
  }
  throw new Error(`the job ended without saying ${JSON.stringify(text)}: ${log}`);
}
