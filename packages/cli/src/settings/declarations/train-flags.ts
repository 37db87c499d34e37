import type { FlagDeclaration, FlagGroup } from "./declaration.ts";

const machine: FlagGroup = {
  title: "Machine",
  flags: [
    {
      name: "on",
      value: "<machine>",
      meaning:
        "local (default), ssh://user@host:port, an alias of ~/.ssh/config, canopywave[/region], npm:package or ./file.ts",
      completes: "machine",
    },
    {
      name: "gpu",
      value: "<name>",
      meaning: "the GPU that is wanted: H100; H100:4 for four",
      completes: "gpu",
    },
    { name: "gpus", value: "<number>", kind: "integer", meaning: "how many of them, at least; 0 for none" },
    { name: "region", value: "<name>", meaning: "where to rent" },
    { name: "max-price", value: "<usd>", kind: "positive-number", meaning: "pay no more than this an hour" },
    {
      name: "budget",
      value: "<usd>",
      kind: "positive-number",
      meaning: "spend no more than this in all, not an hour",
    },
    {
      name: "uplink",
      value: "<Mbit/s>",
      kind: "positive-number",
      meaning: "how fast data goes out from here, for the prediction",
    },
    { name: "max-hours", value: "<hours>", kind: "positive-number", meaning: "stop it after this time" },
  ],
};

const training: FlagGroup = {
  title: "Training",
  flags: [
    { name: "ultralytics", value: "<version>", meaning: "train with this version: 8.4.190" },
    {
      name: "pip",
      value: "<package>",
      repeatable: true,
      meaning: "install this beside it; also git+https://… and a wheel (repeatable)",
    },
    {
      name: "code",
      value: "<folder>",
      meaning: "your own Python code, brought along and importable",
      completes: "folder",
    },
    {
      name: "code-include",
      value: "<path>",
      repeatable: true,
      meaning: "ship this file of it although it looks like a credential (repeatable)",
    },
    {
      name: "callbacks",
      value: "<file.py>",
      meaning: "functions named as Ultralytics' callbacks, called while it trains",
      completes: "file",
    },
    {
      name: "env",
      value: "<NAME=VALUE>",
      repeatable: true,
      meaning: "a variable; NAME alone takes it from here (repeatable)",
      completes: "variable",
    },
    {
      name: "secret",
      value: "<NAME>",
      repeatable: true,
      meaning: "a secret variable, taken from here or asked for, never written down (repeatable)",
      completes: "variable",
    },
    {
      name: "track",
      value: "<tracker>",
      choices: ["wandb", "tensorboard"],
      repeatable: true,
      meaning: "switch on wandb or tensorboard (repeatable)",
      completes: ["wandb", "tensorboard"],
    },
  ],
};

const dataset: FlagGroup = {
  title: "Dataset",
  flags: [
    { name: "strict", meaning: "refuse the dataset for its warnings too" },
    {
      name: "skip-bad",
      meaning: "leave damaged images out of the upload, also when they are more than 1 %",
    },
  ],
};

const shared: readonly FlagDeclaration[] = [
  {
    name: "from",
    value: "<run>",
    meaning: "repeat this run: its data, settings and machine; what is given here comes on top",
    completes: "run",
  },
  { name: "name", value: "<name>", meaning: "what to call the run; by default one is made up" },
  {
    name: "out",
    value: "<folder>",
    meaning:
      "the folder for the results, by default runs/<task>/<name>; -2, -3 … is added where it is not empty",
    completes: "folder",
  },
  {
    name: "max-output",
    value: "<size>",
    kind: "size",
    meaning: "download at most this beside the model, by default 10GB; the rest is named",
  },
  {
    name: "config",
    value: "<file>",
    negatable: true,
    meaning: "instead of ./unitrain.config.ts; --no-config for none",
    completes: "file",
  },
  { name: "verbose", short: "v", meaning: "every finding, and where each value comes from" },
  { name: "json", meaning: "for programs: JSON on stdout, while training an event a line" },
];

const starting: readonly FlagDeclaration[] = [
  { name: "detach", meaning: "leave it running once it runs; attach comes back" },
  { name: "dry-run", meaning: "the same as plan" },
  { name: "yes", short: "y", meaning: "rent without asking; needs --budget or --max-hours" },
  { name: "no-input", meaning: "never ask; fail where an answer would be needed" },
];

export const planGroups: readonly FlagGroup[] = [machine, training, dataset, { title: "Run", flags: shared }];

export const trainGroups: readonly FlagGroup[] = [
  machine,
  training,
  dataset,
  { title: "Run", flags: [...starting, ...shared] },
];
