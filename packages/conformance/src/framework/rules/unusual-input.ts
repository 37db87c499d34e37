import { spawnSync } from "node:child_process";
import type { FitFinding, Framework, MachineFacts, Quote } from "@unitrain/core/spec";
import { demand, describeError } from "../../suite/demand.ts";
import { findControlCharacters, findJsonFault } from "../../suite/texts.ts";
import { frameworkRules } from "../rule.ts";

const oddModels = [
  "/home/me/it's here/best.pt",
  '/home/me/$HOME "`id`"/best.pt',
  "/home/me/-rf/ä*?[1].pt",
  "/best",
];

/** Rules about input that is allowed and rare. */
export const unusualInputRules = frameworkRules([
  {
    id: "framework/unusual-options-are-described",
    demand:
      "`describe` works for all options that the framework accepts, because plan, lists and receipts call it for every run.",
    needs: ["unusual-options"],
    async check(start) {
      for (const [at, framework] of ((await start()).subject.unusual ?? []).entries()) {
        const described = demandNoCrash(`describe() of unusual[${at}]`, () => framework.describe());
        const fault = findJsonFault(described);
        demand(
          fault === undefined,
          `In the description of unusual[${at}], ${fault}, which JSON does not keep.`,
        );
        demand(
          described.job !== "" &&
            !/[\n\r]/.test(described.job) &&
            findControlCharacters(described.job) === undefined,
          `describe().job of unusual[${at}] is ${JSON.stringify(described.job)}. Return one line without control characters.`,
        );
      }
    },
  },
  {
    id: "framework/odd-machines-are-answered",
    demand:
      "What the framework says about a machine or an offer works without GPUs, disks or figures, because providers leave them out.",
    needs: [],
    async check(start) {
      const { subject, facts, jobInput } = await start();
      const { framework } = subject;
      for (const [what, odd] of Object.entries(listOddFacts(facts))) {
        const data = { files: 0, bytes: 0 };
        demandNoCrash(`environment() for a machine ${what}`, () => framework.environment(odd));
        demandFindings(`fit() for a machine ${what}`, () => framework.fit?.({ facts: odd, data }));
        demandNoCrash(`explainFailure() for a machine ${what}`, () =>
          framework.explainFailure?.({ exitCode: 137, output: "", job: jobInput, facts: odd }),
        );
      }
      demandNoCrash("explainFailure() without facts", () =>
        framework.explainFailure?.({ exitCode: 255, output: "\u0000", job: jobInput, facts: undefined }),
      );
      demandFindings("fitsOffer() for an offer with no figures", () =>
        framework.fitsOffer?.({ quote: bareQuote }),
      );
      demandNoCrash("estimate() for an offer with no figures", () =>
        framework.estimate?.({ quote: bareQuote, data: { files: 0, bytes: 0 } }),
      );
    },
  },
  {
    id: "framework/next-commands-can-be-pasted",
    demand:
      "`nextCommands` returns one line for a shell per command, whatever the path of the model contains, because people paste it.",
    needs: ["next-commands"],
    async check(start) {
      const { framework } = (await start()).subject;
      for (const model of oddModels) {
        for (const dataset of [undefined, { path: model }, { path: model, samples: `${model}/val` }]) {
          const result = { model, ...(dataset === undefined ? {} : { dataset }) };
          const call = `nextCommands() for the model ${model}`;
          const commands = demandNoCrash(call, () => framework.nextCommands?.(result)) ?? [];
          for (const command of commands) demandOneCommand(call, command);
        }
      }
    },
  },
]);

function listOddFacts(facts: MachineFacts): Readonly<Record<string, MachineFacts>> {
  const { gpuDriver: _, ...rest } = facts;
  return {
    "without GPUs": { ...rest, gpus: [] },
    "without disks and shared memory": { ...facts, mounts: [], sharedMemoryBytes: 0 },
    "that is not Linux": { ...rest, os: "Darwin", architecture: "arm64", gpus: [], tools: [] },
    "with an unknown GPU": { ...rest, gpus: [{ name: "", memoryBytes: 0, computeCapability: "" }] },
  };
}

const bareQuote: Quote = {
  machine: "a machine",
  priceUsdPerHour: 0,
  upfrontUsd: "unknown",
  otherUsdPerHour: "unknown",
  billingTickSeconds: 1,
  gpus: "unknown",
  available: "unknown",
  interruptible: false,
  bootSeconds: { likely: 0, high: 0 },
  reference: null,
};

function demandFindings(
  call: string,
  find: () => ReturnType<NonNullable<Framework["fit"]>> | undefined,
): void {
  const findings: readonly FitFinding[] = demandNoCrash(call, find) ?? [];
  const empty = findings.some(({ message, hint }) => message === "" || hint === "");
  demand(!empty, `${call} returned a finding without a message or a hint.`);
}

function demandOneCommand(call: string, command: string): void {
  demand(
    command !== "" && !command.includes("\n") && findControlCharacters(command) === undefined,
    `${call} returned ${JSON.stringify(command)}. Return one line per command.`,
  );
  if (process.platform === "win32") return;
  const { status } = spawnSync("sh", ["-n", "-c", command]);
  demand(status === 0, `${call} returned ${command}, which a shell cannot read. Quote each word.`);
}

function demandNoCrash<T>(call: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    demand(false, `${call} failed: ${describeError(error)}. Return what is known instead.`);
  }
}
