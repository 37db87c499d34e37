import { posix } from "node:path";
import type { Job, JobInput } from "@unitrain/core/spec";
import { codeFolder } from "../code/code-folder.ts";
import { parseFoundEnvironment } from "../environment/found-environment.ts";
import type { CheckedOptions } from "../options/options.ts";
import { formatArgument } from "../options/scalar.ts";
import { getNamedWeights, getShippedPath, weightArguments } from "../options/weights.ts";
import { readPythonProgram } from "../python-program.ts";
import { chooseDivisibleBatch } from "./batch.ts";
import { chooseDevices } from "./devices.ts";
import { getReportedArguments } from "./reported-arguments.ts";
import { formatTitle } from "./title.ts";
import { limitWorkers } from "./workers.ts";

/**
 * Creates the training job: a supervisor runs a launcher, which prepares the attempt's folders on the machine and
 * becomes `yolo … train`.
 */
export function createJob(options: CheckedOptions, input: JobInput): Job {
  const found = parseFoundEnvironment(input.environment.output);
  const python = found?.python ?? `${input.environment.folder}/bin/python`;
  const devices = chooseDevices(options.arguments.device, input.facts, found?.devices);
  const workers = limitWorkers(options, input.facts, devices.gpus);
  const batch = chooseDivisibleBatch(options.arguments.batch, devices.gpus);
  const { project = null, name = input.jobId, ...rest } = options.arguments;
  const passed = Object.entries({
    ...rest,
    device: devices.value,
    ...(workers === undefined ? {} : { workers: workers.workers }),
    ...(batch === undefined ? {} : { batch: batch.batch }),
  }).filter(([key, value]) => !isWeightsArgument(key, value));
  const settings = {
    task: options.task,
    dataset: input.dataset,
    output: input.output,
    scratch: input.scratch,
    arguments: passed.map(([key, value]) => `${key}=${formatArgument(value)}`),
    weights: Object.entries(getNamedWeights(options)).map(([argument, name]) => ({
      argument,
      name,
      shipped: getShippedPath(argument, name),
    })),
    code: options.code === undefined && options.callbacks === undefined ? null : codeFolder,
    trainer: options.trainer ?? null,
    validator: options.validator ?? null,
    callbacks: options.callbacks !== undefined,
    project,
    name,
    track: options.track,
    reported: getReportedArguments(options, input.local),
    modules: {
      unitrain_customize: readPythonProgram("customize.py"),
      unitrain_checkpoints: readPythonProgram("checkpoints.py"),
      unitrain_code: readPythonProgram("own_code.py"),
    },
    launch: readPythonProgram("launch.py"),
    notes: [devices.note, workers?.note, batch?.note].filter((note) => note !== undefined),
  };
  const isOwnPython = python.startsWith(`${input.environment.folder}/`);
  return {
    id: input.jobId,
    argv: [python, "-c", readPythonProgram("supervise.py"), JSON.stringify(settings)],
    env: {
      PYTHONUNBUFFERED: "1",
      PYTHONIOENCODING: "utf-8",
      // Python must not find another Ultralytics or torch there.
      PYTHONPATH: "",
      // May belong to a different Python.
      ...(isOwnPython ? { PYTHONHOME: "" } : {}),
    },
    secrets: [],
    cwd: input.scratch,
    watch: [posix.join(input.output, "results.csv")],
    needs: { gpus: devices.gpus },
    title: formatTitle(options),
  };
}

/** Returns whether an argument names a weights file; `pretrained=False` does not. */
const isWeightsArgument = (key: string, value: unknown): boolean =>
  typeof value === "string" && (weightArguments as readonly string[]).includes(key);
