import { definePlugin } from "@unitrain/core/spec";

/** Lets each process of a training use four threads, so that other people can work on the machine. */
export const limitThreads = definePlugin({
  name: "limit-threads",
  hooks: { run: (job) => ({ ...job, env: { ...job.env, OMP_NUM_THREADS: "4" } }) },
});
