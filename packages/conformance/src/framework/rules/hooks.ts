import type { HookHandler, HookName, ReadyCheckInput } from "@unitrain/core/spec";
import { attempt, demand, describeError } from "../../suite/demand.ts";
import { demandSafePaths, demandUsableJob, hostileTexts } from "../checks.ts";
import { frameworkRules } from "../rule.ts";
import { type FrameworkBed, readManifest } from "../testbed.ts";

/** Rules about the framework's own hooks. */
export const hookRules = frameworkRules([
  {
    id: "framework/hooks-return-what-core-uses",
    demand:
      "A hook changes its value and keeps its kind: a manifest with safe paths, the job under its id, files, or text.",
    needs: ["hooks"],
    async check(start) {
      const bed = await start();
      const { subject, jobInput } = bed;
      const ship = findHandler(bed, "ship");
      if (ship !== undefined) {
        const { manifest } = await bed.checkData();
        demandSafePaths(await readManifest(await call("ship", () => ship(manifest, bed.context()))));
      }
      const run = findHandler(bed, "run");
      if (run !== undefined) {
        // What other rules check of the framework's job is correct here, so that only the hook can be wrong.
        const { jobId: id, scratch: cwd } = jobInput;
        const job = { ...subject.framework.job(jobInput), id, cwd, watch: [], needs: { gpus: 0 } };
        demandUsableJob(
          "the run hook",
          await call("run", () => run(job, { ...bed.context(), input: jobInput })),
          jobInput,
        );
      }
      const locate = findHandler(bed, "locateArtifact");
      if (locate !== undefined) {
        const files = bed.listOutputs();
        const input = {
          root: jobInput.output,
          job: jobInput,
          files,
          logTail: "",
          read: async () => undefined,
        };
        const found = (await call("locateArtifact", () => locate(input, bed.context()))) ?? [];
        const unknown = found.find(({ path }) => !files.some((file) => file.path === path));
        demand(
          unknown === undefined,
          `The locateArtifact hook returned ${unknown?.path}, which is not on the machine.`,
        );
      }
      const sanitize = findHandler(bed, "sanitize");
      const text = sanitize?.("epoch 1/3\n") ?? "";
      demand(
        typeof text === "string",
        "The sanitize hook returned no text, so core withholds everything. Return a text.",
      );
    },
  },
  {
    id: "framework/hooks-survive-any-answer",
    demand:
      "`readyCheck` and `sanitize` throw for no output of a machine, because they would end a run or withhold its log.",
    needs: ["hooks"],
    async check(start) {
      const bed = await start();
      const readyCheck = findHandler(bed, "readyCheck");
      const sanitize = findHandler(bed, "sanitize");
      for (const text of ["", ...hostileTexts]) {
        if (readyCheck !== undefined) await demandReadyAnswer(bed, readyCheck, text);
        const result = await attempt("The sanitize hook", (async () => sanitize?.(text))());
        demand(
          "value" in result,
          `The sanitize hook failed for ${shorten(text)}. Return the text unchanged.`,
        );
      }
    },
  },
]);

async function demandReadyAnswer(
  bed: FrameworkBed,
  readyCheck: HookHandler<"readyCheck">,
  output: string,
): Promise<void> {
  const input: ReadyCheckInput = {
    machine: { connectionKind: "local" },
    facts: bed.facts,
    run: async () => ({ exitCode: 127, stdout: output, stderr: output }),
  };
  const answer = await call("readyCheck", () => readyCheck(input, bed.context()), output);
  demand(
    answer.ready === true || (answer.step !== "" && answer.reason !== ""),
    "The readyCheck hook returned no step and reason. Return { ready: true }, or why the machine is not ready.",
  );
}

function findHandler<Name extends HookName>(
  { subject }: FrameworkBed,
  name: Name,
): HookHandler<Name> | undefined {
  return subject.framework.hooks?.[name] as HookHandler<Name> | undefined;
}

async function call<T>(hook: HookName, run: () => T | Promise<T>, output = ""): Promise<T> {
  const result = await attempt(`The ${hook} hook`, (async () => run())());
  if ("value" in result) return result.value;
  const when = output === "" ? "" : ` when a command printed ${shorten(output)}`;
  demand(false, `The ${hook} hook failed${when}: ${describeError(result.error)}.`);
}

const shorten = (text: string) => JSON.stringify(text.slice(0, 60));
