import { attempt, demand, describeError } from "../../suite/demand.ts";
import { demandSafePaths, demandUsableJob } from "../checks.ts";
import { frameworkRules } from "../rule.ts";
import { readManifest } from "../testbed.ts";

/** Rules about `resume`: a training goes on after its machine was lost. */
export const resumeRules = frameworkRules([
  {
    id: "framework/resume-continues-the-job",
    demand:
      "`resume` returns a job that core can start and the files to upload for it, because the new machine has none of them.",
    needs: ["resume"],
    async check(start) {
      const { subject, jobInput, context } = await start();
      const { framework, saved } = subject;
      demand(
        saved !== undefined,
        "The test setup has no `saved`. Name the files of a training that was interrupted.",
      );
      const resuming = attempt("resume()", Promise.resolve(framework.resume?.(saved, jobInput, context())));
      const result = await resuming;
      if ("error" in result) demand(false, `resume() failed: ${describeError(result.error)}.`);
      const resumed = result.value;
      demand(
        resumed !== undefined,
        "resume() returned undefined although every file was saved. Return the job.",
      );
      demandUsableJob("resume()", resumed.job, jobInput);
      const entries = await readManifest(resumed.ship);
      demandSafePaths(entries);
      demand(
        entries.length > 0,
        "resume() uploads no file, so the new machine has no checkpoint. Put it into `ship`.",
      );
    },
  },
  {
    id: "framework/resume-needs-a-checkpoint",
    demand:
      "`resume` returns undefined if the saved files are not enough, because core then begins the training anew.",
    needs: ["resume"],
    async check(start) {
      const { subject, jobInput, context } = await start();
      const resuming = Promise.resolve(subject.framework.resume?.([], jobInput, context()));
      const result = await attempt("resume()", resuming);
      demand(
        "value" in result && result.value === undefined,
        `Without saved files, resume() ${"error" in result ? `failed: ${describeError(result.error)}` : "returned a job"}. Return undefined.`,
      );
    },
  },
]);
