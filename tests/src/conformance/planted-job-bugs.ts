import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TransportRuleId } from "@unitrain/conformance";
import { type Session, UnitrainError } from "@unitrain/core/spec";
import { changeFollowed, changeSession, type Plant } from "./plant.ts";

/** Bugs of jobs and of following them. */
export const plantedJobBugs = {
  // Jobs.
  "transport/job-outlives-the-connection": changeSession((session) => {
    let last = "";
    return {
      async start(job, secrets, context) {
        last = job.id;
        await session.start(job, secrets, context);
      },
      async [Symbol.asyncDispose]() {
        const never = { signal: new AbortController().signal } as Parameters<Session["stop"]>[2];
        if (last !== "") await session.stop(last, 0, never).catch(() => {});
        await session[Symbol.asyncDispose]();
      },
    };
  }),
  "transport/start-is-idempotent": changeSession(({ start, run }) => {
    const started = new Set<string>();
    return {
      async start(job, secrets, context) {
        if (started.has(job.id)) await run({ argv: job.argv, env: job.env }, context);
        started.add(job.id);
        await start(job, secrets, context);
      },
    };
  }),
  "transport/job-gets-its-input": changeSession(({ start }) => ({
    start: (job, secrets, context) =>
      start({ ...job, argv: job.argv.map((word) => word.trim()) }, secrets, context),
  })),
  "transport/job-facts-are-of-its-computer": changeSession(({ facts }) => ({
    jobFacts: async (_jobId, context) => ({ ...(await facts(context)), hostname: "login-node" }),
  })),
  "transport/secrets-are-not-written": changeSession(({ start, facts }) => ({
    async start(job, secrets, context) {
      const { workFolder } = await facts(context);
      await start(job, secrets, context);
      if (secrets.TOKEN !== undefined)
        await writeFile(join(workFolder, "environment"), `TOKEN=${secrets.TOKEN}`);
    },
  })),
  "transport/job-errors-hold-no-secret": changeSession(({ start }) => ({
    async start(job, secrets, context) {
      if (job.cwd.startsWith("/dev/null/")) throw new Error(`cannot start with ${JSON.stringify(secrets)}`);
      await start(job, secrets, context);
    },
  })),
  "transport/unknown-job-was-never-started": changeSession(({ getJobState }) => ({
    async getJobState(jobId, context) {
      const state = await getJobState(jobId, context);
      return state.state === "never-started" ? { state: "lost", detail: "no files", logBytes: 0 } : state;
    },
  })),
  "transport/signals-become-exit-codes": changeSession(({ getJobState }) => ({
    async getJobState(jobId, context) {
      const state = await getJobState(jobId, context);
      return state.state === "ended" && state.exitCode > 128 ? { ...state, exitCode: -1 } : state;
    },
  })),
  "transport/stop-asks-first": changeSession(({ stop }) => ({
    stop: (jobId, _graceMs, context) => stop(jobId, 0, context),
  })),
  "transport/stop-ends-every-process": changeSession(({ stop }) => ({
    async stop(jobId, graceMs, context) {
      const stopped = stop(jobId, graceMs === 0 ? 0 : 20_000, context).catch(() => {});
      await (graceMs === 0 ? stopped : Promise.race([stopped, sleep(1_500)]));
    },
  })),
  "transport/stop-is-idempotent": changeSession(({ stop, getJobState }) => ({
    async stop(jobId, graceMs, context) {
      const { state } = await getJobState(jobId, context);
      if (state !== "running") throw new Error(`${jobId} does not run`);
      await stop(jobId, graceMs, context);
    },
  })),
  // Following a job.
  "transport/follow-yields-every-byte": changeFollowed((part) =>
    part.kind === "log" ? { ...part, bytes: Buffer.from(Buffer.from(part.bytes).toString()) } : part,
  ),
  "transport/follow-continues-at-an-offset": changeSession(({ follow }) => ({
    follow: (jobId, _offset, context) => follow(jobId, 0, context),
  })),
  "transport/half-read-stream-is-left": changeSession((session) => {
    let isBroken = false;
    return {
      async *follow(jobId, offset, context) {
        isBroken = true;
        yield* session.follow(jobId, offset, context);
        isBroken = false;
      },
      async run(command, context) {
        if (isBroken) throw new UnitrainError("CONNECTION_LOST", "The stream is still open.");
        return session.run(command, context);
      },
    };
  }),
  "transport/watched-files-arrive": changeFollowed((part) => (part.kind === "log" ? part : undefined)),
} satisfies Partial<Record<TransportRuleId, Plant>>;
