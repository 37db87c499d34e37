import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import {
  type GcReport,
  openMachine,
  type PlanOptions,
  type RunDetails,
  type Runs,
  type Unitrain,
  UnitrainError,
} from "@unitrain/core";
import type { Engine, TrainingSetup } from "../src/context/cli-context.ts";
import { examplePlan } from "./event-script.ts";
import type { Script } from "./script.ts";
import { createScriptedRun } from "./scripted-run.ts";

/** An engine that tells a story instead of training, and remembers what was asked of it. */
export function createScriptedEngine(
  script: Script,
  home?: string,
): {
  readonly engine: Engine;
  readonly calls: string[];
  readonly planned: PlanOptions[];
  readonly assembled: TrainingSetup[];
} {
  const calls: string[] = [];
  const assembled: TrainingSetup[] = [];
  const planned: PlanOptions[] = [];
  const runs: Runs = {
    runs: async () => script.runs ?? [],
    leases: async () => script.leases ?? [],
    find: async () => {
      if (script.attachError !== undefined) throw script.attachError;
      const { id, name, plan } = createScriptedRun({ ...script, role: "follower" }, []);
      const summary = script.runs?.find((run) => run.id === id);
      return { id, name, plan, state: script.state ?? "detached", ...summary } as RunDetails;
    },
    attach: async (name, { as, secrets = {}, askSecret } = {}) => {
      if (script.attachError !== undefined) throw script.attachError;
      // Whoever only reads is not worth a word.
      if (as === "follower") return createScriptedRun({ ...script, role: "follower" }, []);
      for (const secret of script.plan?.secrets ?? [])
        if (secrets[secret] === undefined) await askSecret?.(secret);
      calls.push(`attach ${name ?? "latest"}`);
      if (Object.keys(secrets).length > 0) calls.push(`secrets ${JSON.stringify(secrets)}`);
      return createScriptedRun(script, calls);
    },
    access: async (name) => {
      calls.push(`access ${name ?? "latest"}`);
      if (script.accessError !== undefined) throw script.accessError;
      return {
        argv: ["ssh", "-F", "/state/run/ssh config"],
        target: "machine",
        configFile: "/state/run/ssh config",
      };
    },
    guard: async ({ showStatus } = {}) => {
      calls.push("guard");
      showStatus?.("swift-otter: continuing the run");
    },
    wakeGuardian: async () => ({ runs: script.alone ?? [] }),
    remove: async (name) => {
      const run = (script.runs ?? []).find((summary) => summary.name === name || summary.id === name);
      if (run === undefined) throw new UnitrainError("RUN_NOT_FOUND", `There is no run "${name}".`);
      if (run.state !== "over")
        throw new UnitrainError("RUN_BUSY", `The records of ${name} are still needed.`);
      calls.push(`remove ${run.id}`);
      return { id: run.id, name: run.name, out: run.out };
    },
    gc: async ({ dryRun = false, trainings, downloadWithinMs, signal, showStatus } = {}) => {
      const how = trainings === undefined || trainings === "download" ? [] : [trainings];
      const within = downloadWithinMs === undefined ? [] : [`${downloadWithinMs} ms`];
      calls.push(["gc", ...(dryRun ? ["--dry-run"] : []), ...how, ...within].join(" "));
      if (script.doesGcWait === true) {
        showStatus?.("swift-otter: stopping its training");
        await once(signal ?? new EventTarget(), "abort");
        calls.push("gc releases now");
      }
      return { ...nothingLeft, ...script.gc };
    },
  };
  const unitrain: Unitrain = {
    ...runs,
    ...noMachine,
    offers: async (options) =>
      script.adapters === undefined ? [] : openMachine(script.adapters).offers(options),
    plan: async (options) => {
      planned.push(options);
      options.showStatus?.("checking 160 images");
      await setTimeout(script.planMs ?? 0, undefined, { signal: options.signal }).catch(() => {});
      options.signal?.throwIfAborted();
      if (script.planError !== undefined) throw script.planError;
      return {
        ...(options.setup === undefined ? {} : { setup: options.setup }),
        ...(script.plan ?? examplePlan),
      };
    },
    listUntracked: async () => script.untracked ?? [],
    releaseUntracked: async (untracked) => {
      calls.push(`end ${untracked.map(({ name }) => name).join(" ")}`);
      return untracked
        .filter(({ id }) => id !== script.staysId)
        .map((resource) => ({ resource, goneAt: "2026-11-24T15:42:57.000Z", evidence: "404 by id" }));
    },
    predict: async () => script.plan?.prediction,
    start: async (_plan, options = {}) => {
      calls.push("start");
      if (Object.keys(options.secrets ?? {}).length > 0)
        calls.push(`secrets ${JSON.stringify(options.secrets)}`);
      return createScriptedRun(script, calls);
    },
  };
  const engine: Engine = {
    assemble: async (settings) => {
      assembled.push(settings);
      calls.push(
        ["assemble", settings.provider?.name ?? settings.on, ...settings.framework.userOptions.words].join(
          " ",
        ),
      );
      return unitrain;
    },
    machine: async () => {
      if (script.untracked !== undefined) return unitrain;
      if (script.adapters === undefined)
        throw new UnitrainError("INVALID_OPTIONS", "There is no such machine.");
      return openMachine({ ...script.adapters, ...(home === undefined ? {} : { home }) });
    },
    openClouds: async () =>
      script.clouds ?? [
        ...(script.untracked === undefined
          ? []
          : [{ on: "canopywave", state: "open", calls: unitrain } as const]),
        ...(script.adapters === undefined
          ? []
          : [{ on: "canopywave", state: "open", calls: openMachine(script.adapters) } as const]),
      ],
    runs: async () => runs,
    keyVariables: async (on) => (on === "local" ? [] : ["SCRIPTED_API_KEY"]),
    checkKeys: async (on, keys) => {
      calls.push(`check keys of ${on} ${Object.keys(keys).join(" ")}`);
      if (script.keyError !== undefined) throw script.keyError;
    },
    createFromRecipe: async (kind, { name }) => {
      calls.push(`remake ${kind} ${name}`);
      return { name } as never;
    },
  };
  return { engine, calls, planned, assembled };
}

const noMachine: Pick<Unitrain, "quote" | "inspect" | "clean"> = {
  quote: async () => {
    throw new UnitrainError("NOT_AVAILABLE", "There is no machine in this story.");
  },
  inspect: async () => {
    throw new UnitrainError("NOT_AVAILABLE", "There is no machine in this story.");
  },
  clean: async () => ({ items: [], chosen: [], removed: [] }),
};
const nothingLeft: GcReport = {
  runs: [],
  trainings: [],
  released: [],
  driven: [],
  pending: [],
  unconfirmed: [],
  unreadable: [],
};
