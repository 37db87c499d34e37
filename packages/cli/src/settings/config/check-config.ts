import { UnitrainError } from "@unitrain/core/spec";
import { nearest } from "../did-you-mean.ts";
import { bytesIn } from "../size-text.ts";
import type { UnitrainConfig } from "./config.ts";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string" && value.trim() !== "";
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const amount: Check = (value) => typeof value === "number" && Number.isFinite(value) && value > 0;
const flag: Check = (value) => typeof value === "boolean";
const object: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** What each key wants: the check, and how a person would say it. */
const wanted: { readonly [Key in keyof Required<UnitrainConfig>]: readonly [Check, string] } = {
  on: [text, 'text: "local", "ssh://user@host", "canopywave"'],
  provider: [object, "a provider: local(), sshMachine(…)"],
  transport: [object, "a transport: ssh()"],
  plugins: [(value) => Array.isArray(value) && value.every(object), "a list of plugins"],
  data: [text, 'text: "./pallets"'],
  train: [object, 'an object: { model: "yolo11n.pt", epochs: 50 }'],
  ultralytics: [text, 'text: "8.4.190"'],
  strict: [flag, "true or false"],
  skipBad: [flag, "true or false"],
  pip: [texts, 'a list of texts: ["timm"]'],
  code: [text, 'text: "./src"'],
  codeInclude: [texts, 'a list of paths in that folder: ["config/.env"]'],
  callbacks: [text, 'text: "./my_callbacks.py"'],
  env: [
    (value) => object(value) && Object.values(value as object).every((entry) => typeof entry === "string"),
    'an object of texts: { OMP_NUM_THREADS: "4" }',
  ],
  secrets: [texts, 'a list of names: ["WANDB_API_KEY"]'],
  track: [
    (value) => [value].flat().every((entry) => entry === "wandb" || entry === "tensorboard"),
    '"wandb" or "tensorboard", or a list of both',
  ],
  gpu: [text, 'text: "H100"'],
  gpus: [(value) => (amount(value) || value === 0) && Number.isInteger(value), "a whole number; 0 for none"],
  region: [text, "text"],
  maxPrice: [amount, "a number above 0: dollars an hour"],
  budget: [amount, "a number above 0: dollars in all"],
  maxHours: [amount, "a number above 0"],
  maxOutput: [(value) => typeof value === "string" && bytesIn(value) !== undefined, 'a size: "20GB"'],
  out: [text, 'text: "./results"'],
};

/** The keys that a configuration may hold. */
export const configKeys = Object.keys(wanted) as readonly (keyof UnitrainConfig)[];

/** What a configuration file exports, checked. Throws `INVALID_OPTIONS` that names the file, the key and what it should be. */
export function checkConfig(exported: unknown, file: string): UnitrainConfig {
  if (!object(exported)) {
    throw wrong(file, "exports no configuration", "Write: export default defineConfig({ … })");
  }
  const config = exported as Readonly<Record<string, unknown>>;
  const allowedKeys: readonly string[] = configKeys;
  for (const [key, value] of Object.entries(config)) {
    if (!allowedKeys.includes(key)) throw unknownKey(key, file);
    if (value === undefined) continue;
    const [check, form] = wanted[key as keyof UnitrainConfig];
    if (!check(value)) throw wrong(file, `has ${key}: ${shown(value)}`, `${key} must be ${form}.`);
  }
  if (config.on !== undefined && config.provider !== undefined)
    throw wrong(file, "names the machine twice, by `on` and by `provider`", "Leave one of them out.");
  return config as UnitrainConfig;
}

function unknownKey(key: string, file: string): UnitrainError {
  const suggestion = nearest(key, configKeys) ?? otherNames[key];
  const hint =
    suggestion === undefined
      ? `Settings of the training stand under train: train: { ${key}: … }. Keys here: ${configKeys.join(", ")}.`
      : `Did you mean ${suggestion}?`;
  return wrong(file, `has a key ${key} that is not known`, hint);
}

/** What the same thing is called elsewhere. */
const otherNames: Readonly<Record<string, string>> = {
  machine: "on",
  budgetUsd: "budget",
  maxUsdPerHour: "maxPrice",
  version: "ultralytics",
  dataset: "data",
  yolo: "train",
  output: "out",
};

function wrong(file: string, problem: string, hint: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `${file} ${problem}.`, { hint });
}

function shown(value: unknown): string {
  return typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
