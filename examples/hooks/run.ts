import { definePlugin } from "@unitrain/core/spec";

/** Lets each process of a training use four threads, so that other people can work on the machine. */
export const limitThreads = definePlugin({
  name: "limit-threads",
  hooks: { run: (job) => ({ ...job, env: { ...job.env, OMP_NUM_THREADS: "4" } }) },
});

// #region wrap
/** Lists the files beside the model once the training has ended, and keeps its exit code. */
export const listOutput = definePlugin({
  name: "list-output",
  hooks: {
    run(job, { input }) {
      const script = `folder=$1; shift; "$@" || exit; ls -l "$folder" > "$folder/FILES.txt"`;
      return { ...job, argv: ["sh", "-c", script, "sh", input.output, ...job.argv] };
    },
  },
});
// #endregion wrap
