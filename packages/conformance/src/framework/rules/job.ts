import { demand } from "../../suite/demand.ts";
import { findJsonFault } from "../../suite/texts.ts";
import { demandInsideRun } from "../checks.ts";
import { frameworkRules } from "../rule.ts";

/** Rules about the environment and the job on the machine. */
export const jobRules = frameworkRules([
  {
    id: "framework/environment-key-is-stable",
    demand:
      "The key of an environment is the same for the same machine and a plain name, because it is found again by it.",
    needs: [],
    async check(start) {
      const { subject, facts } = await start();
      const { key } = subject.framework.environment(facts);
      demand(
        /^[\w.-]+$/.test(key),
        `The key is ${JSON.stringify(key)}. Use only letters, digits, "-", "_" and ".".`,
      );
      const again = subject.framework.environment(facts).key;
      demand(again === key, `The key was ${key}, then ${again}. Derive it from the required software only.`);
    },
  },
  {
    id: "framework/environment-stays-in-its-folder",
    demand:
      "An environment is installed below `environmentsFolder`, because only this folder is kept between runs and cleaned up.",
    needs: [],
    async check(start) {
      const { subject, facts } = await start();
      const { folder } = subject.framework.environment(facts);
      demand(
        folder.startsWith(`${facts.environmentsFolder}/`) && !folder.split("/").includes(".."),
        `The environment is installed to ${folder}, which is not below ${facts.environmentsFolder}.`,
      );
    },
  },
  {
    id: "framework/job-is-json",
    demand: "The job is plain JSON, because it is in the ledger and another process continues with it.",
    needs: [],
    async check(start) {
      const { subject, jobInput } = await start();
      const fault = findJsonFault(subject.framework.job(jobInput));
      demand(fault === undefined, `In the job, ${fault}, which JSON does not keep.`);
    },
  },
  {
    id: "framework/job-keeps-its-id",
    demand: "The job has the id that core has chosen, because the job is found by it after a crash.",
    needs: [],
    async check(start) {
      const { subject, jobInput } = await start();
      const { id } = subject.framework.job(jobInput);
      demand(id === jobInput.jobId, `The job has the id ${id} instead of ${jobInput.jobId}.`);
    },
  },
  {
    id: "framework/job-works-in-the-run",
    demand:
      "Working folder and watched files of a job are absolute paths below the run's folders, because only they are cleaned up.",
    needs: [],
    async check(start) {
      const { subject, jobInput } = await start();
      demandInsideRun(subject.framework.job(jobInput), jobInput);
    },
  },
]);
