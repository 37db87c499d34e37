import { posix } from "node:path";
import type { Job, JobInput } from "@unitrain/core/spec";
import { codeFolder } from "../code/code-folder.ts";
import { foundEnvironment } from "../environment/found.ts";
import type { CheckedOptions } from "../options/options.ts";
import { asWord } from "../options/scalar.ts";
import { shippedAs, weightArguments, weightsNamed } from "../options/weights.ts";
import { pythonProgram } from "../python.ts";
import { batchThatDivides } from "./batch.ts";
import { devicesOf } from "./devices.ts";
import { titleOf } from "./title.ts";
import { workersThatFit } from "./workers.ts";
import { writtenArguments } from "./written-arguments.ts";

/** The training: a supervisor of a launcher that prepares the attempt's folders on the machine and becomes `yolo … train`. */
export function jobOf(options: CheckedOptions, input: JobInput): Job {
  const found = foundEnvironment(input.environment.output);
  const python = found?.python ?? `${input.environment.folder}/bin/python`;
  const devices = devicesOf(options.arguments.device, input.facts, found?.devices);
  const workers = workersThatFit(options, input.facts, devices.gpus);
  const batch = batchThatDivides(options.arguments.batch, devices.gpus);
  const { project = null, name = input.jobId, ...others } = options.arguments;
  const passed = Object.entries({
    ...others,
    device: devices.word,
    ...(workers === undefined ? {} : { workers: workers.workers }),
    ...(batch === undefined ? {} : { batch: batch.batch }),
  }).filter(([key, value]) => !isWeights(key, value));
  const settings = {
    task: options.task,
    dataset: input.dataset,
    output: input.output,
    scratch: input.scratch,
    arguments: passed.map(([key, value]) => `${key}=${asWord(value)}`),
    weights: Object.entries(weightsNamed(options)).map(([argument, name]) => ({
      argument,
      name,
      shipped: shippedAs(argument, name),
    })),
    code: options.code === undefined && options.callbacks === undefined ? null : codeFolder,
    trainer: options.trainer ?? null,
    validator: options.validator ?? null,
    callbacks: options.callbacks !== undefined,
    project,
    name,
    track: options.track,
    written: writtenArguments(options, input.local),
    modules: {
      unitrain_customize: pythonProgram("customize.py"),
      unitrain_checkpoints: pythonProgram("checkpoints.py"),
      unitrain_code: pythonProgram("own_code.py"),
    },
    launch: pythonProgram("launch.py"),
    notes: [devices.note, workers?.note, batch?.note].filter((note) => note !== undefined),
  };
  const ours = python.startsWith(`${input.environment.folder}/`);
  return {
    id: input.jobId,
    argv: [python, "-c", pythonProgram("supervise.py"), JSON.stringify(settings)],
    env: {
      PYTHONUNBUFFERED: "1",
      PYTHONIOENCODING: "utf-8",
      // Another Ultralytics or torch that lies there must not be found instead.
      PYTHONPATH: "",
      // Of another Python.
      ...(ours ? { PYTHONHOME: "" } : {}),
    },
    secrets: [],
    cwd: input.scratch,
    watch: [posix.join(input.output, "results.csv")],
    needs: { gpus: devices.gpus },
    title: titleOf(options),
  };
}

/** `pretrained=False` is not a file, and stays where it is. */
const isWeights = (key: string, value: unknown): boolean =>
  typeof value === "string" && (weightArguments as readonly string[]).includes(key);
