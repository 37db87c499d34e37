import { type Entries, trainingCommands } from "./entry.ts";
import { list, object, text, variables } from "./value-types.ts";

/** Settings of the training. The framework declares its own options. */
export const trainingSettings = {
  framework: {
    type: text('text: "./framework.ts"'),
    flag: "--framework <name>",
    config: "framework",
    help: "the framework: a name, npm:package or ./file.ts",
    group: "Training",
    commands: [...trainingCommands, "init", "doctor"],
    completes: "framework",
  },
  data: {
    type: text('text: "./pallets"'),
    flag: "--data <folder>",
    config: "data",
    otherNames: ["dataset"],
    help: "the dataset: a folder or its data.yaml; on the command line of train and plan the first word",
    group: "Training",
    commands: ["init"],
    completes: "folder",
    byCommand: { init: { help: "the dataset; by default what is found" } },
  },
  train: {
    type: object<object>("object", "an object: { epochs: 50 }"),
    config: "train",
    help: "settings of the training, as key=value on the command line",
    group: "Training",
    commands: [],
  },
  env: {
    type: variables(),
    flag: "--env <NAME=VALUE>",
    config: "env",
    help: "an environment variable of the training, which is recorded; NAME alone takes the value from this computer (repeatable)",
    group: "Training",
    commands: trainingCommands,
    completes: "variable",
  },
  secret: {
    type: list(text(), 'a list of names: ["WANDB_API_KEY"]'),
    flag: "--secret <NAME>",
    config: "secrets",
    help: "a secret environment variable, taken from this computer or asked for, and never recorded (repeatable)",
    group: "Training",
    commands: trainingCommands,
    completes: "variable",
  },
} as const satisfies Entries;
