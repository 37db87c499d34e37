import { readFile, writeFile } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { demand } from "../../suite/demand.ts";
import { frameworkRules } from "../rule.ts";
import type { FrameworkBed } from "../testbed.ts";

/** Rules about the results: which file is the model, and why a training failed. */
export const resultRules = frameworkRules([
  {
    id: "framework/locate-finds-the-model",
    demand: "`artifacts.locate` returns the best model first, because core downloads the first complete one.",
    needs: [],
    async check(start) {
      const bed = await start();
      const files = bed.listOutputs();
      const input = {
        root: bed.jobInput.output,
        job: bed.jobInput,
        files,
        logTail: "",
        read: async () => undefined,
      };
      const [first] = (await bed.subject.framework.artifacts.locate(input, bed.context())) ?? [];
      demandModel(bed, "locate()", first?.path);
    },
  },
  {
    id: "framework/search-finds-the-model",
    demand:
      "The globs of `artifacts.search` accept the model and `rank` puts it first, because core searches when `locate` finds nothing.",
    needs: [],
    async check(start) {
      const bed = await start();
      const { search, rank } = bed.subject.framework.artifacts;
      const found = bed
        .listOutputs()
        .filter(({ path }) => search.some((glob) => matchesGlob(path.split("/").at(-1) ?? "", glob)));
      demandModel(bed, "rank() of the files that `search` accepts", rank(found)[0]?.path);
    },
  },
  {
    id: "framework/complete-model-is-accepted",
    demand: "`artifacts.isComplete` accepts a complete model, because it would otherwise not be kept.",
    needs: [],
    async check(start) {
      const { framework, modelFile } = (await start()).subject;
      demand(await framework.artifacts.isComplete(modelFile), "isComplete() refused the complete model.");
    },
  },
  {
    id: "framework/incomplete-model-is-refused",
    demand:
      "`artifacts.isComplete` refuses half a model, an empty and a missing file without an error, because a machine may die while writing.",
    needs: [],
    async check(start) {
      const { subject, localFolder } = await start();
      const content = await readFile(subject.modelFile);
      const name = subject.modelFile.split("/").at(-1) ?? "model";
      for (const [what, bytes] of Object.entries({
        "half of a model": content.subarray(0, Math.floor(content.length / 2)),
        "an empty file": Buffer.alloc(0),
      })) {
        const path = join(localFolder, name);
        await writeFile(path, bytes);
        demand(
          !(await subject.framework.artifacts.isComplete(path)),
          `isComplete() accepted ${what}. Check what a writer adds last.`,
        );
      }
    },
  },
  {
    id: "framework/failure-is-explained",
    demand:
      "`explainFailure` turns the recorded failure into a message and a hint, because a traceback helps no user.",
    needs: ["failure"],
    async check(start) {
      const explanation = explain(await start(), (subject) => subject.failedLog ?? "");
      demand(explanation !== undefined, "explainFailure() did not recognize the recorded failure.");
      demand(
        explanation.message !== "" && explanation.hint !== "",
        "explainFailure() returned an empty message or hint.",
      );
    },
  },
  {
    id: "framework/unknown-failure-is-not-explained",
    demand:
      "`explainFailure` returns undefined for a failure that it does not know, because a wrong reason misleads.",
    needs: ["failure"],
    async check(start) {
      const explanation = explain(await start(), () => "something that no framework has ever printed\n");
      demand(
        explanation === undefined,
        `explainFailure() explained an unknown failure: ${explanation?.message}.`,
      );
    },
  },
]);

function demandModel(bed: FrameworkBed, what: string, found: string | undefined): void {
  const expected = `${bed.jobInput.output}/${bed.subject.model}`;
  demand(found === expected, `${what} returned ${found} first instead of ${expected}.`);
}

function explain(bed: FrameworkBed, choose: (subject: FrameworkBed["subject"]) => string) {
  const { subject, jobInput, facts } = bed;
  return subject.framework.explainFailure?.({ exitCode: 1, output: choose(subject), job: jobInput, facts });
}
