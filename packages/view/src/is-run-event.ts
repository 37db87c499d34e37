import type { Phase, RunEvent } from "@unitrain/core/spec";

/**
 * Whether a value, read from a file or a connection, is an event of a run that screens can show: its type is known, and what they
 * show of it is there.
 */
export function isRunEvent(value: unknown): value is RunEvent {
  if (!isObject(value) || !Number.isSafeInteger(value.seq) || !isTime(value.at)) return false;
  const fields = typeof value.type === "string" ? fieldsByType.get(value.type) : undefined;
  if (fields === undefined) return false;
  return Object.entries(fields).every(([name, isValid]) => isValid(value[name], value));
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown, event: Fields) => boolean;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isTime = (value: unknown): boolean => isText(value) && !Number.isNaN(Date.parse(value));

const phases: Readonly<Record<Phase, true>> = {
  plan: true,
  lease: true,
  connect: true,
  ship: true,
  environment: true,
  start: true,
  train: true,
  locate: true,
  download: true,
  teardown: true,
};
const isPhase: Check = (value) => isText(value) && Object.hasOwn(phases, value);

const isShownMetrics = (value: unknown): boolean =>
  isObject(value) &&
  Array.isArray(value.columns) &&
  value.columns.every((column: unknown) => isObject(column) && isText(column.key) && isText(column.label));

const fields: { readonly [Type in RunEvent["type"]]: Readonly<Record<string, Check>> } = {
  planned: {
    plan: (plan) =>
      isObject(plan) &&
      isObject(plan.provider) &&
      isObject(plan.quote) &&
      isObject(plan.data) &&
      (plan.metrics === undefined || isShownMetrics(plan.metrics)),
  },
  phase: {
    phase: isPhase,
    state: isText,
    seconds: (seconds, { state }) => state === "started" || isNumber(seconds),
  },
  status: { phase: isPhase, message: isText },
  warning: { phase: isPhase, message: isText },
  machine: { facts: (facts) => isObject(facts) && isText(facts.hostname) && Array.isArray(facts.gpus) },
  deadline: { stopAt: isTime, endsBy: isTime },
  guardian: { state: isText, detail: isText },
  billing: { since: isTime },
  ship: { bytes: isNumber, totalBytes: isNumber, files: isNumber, totalFiles: isNumber },
  shipped: { sentBytes: isNumber, reusedBytes: isNumber },
  environment: { found: isText, folder: isText },
  log: { localBytes: isNumber },
  progress: { unit: isText, done: isNumber, metrics: isObject },
  job: {
    state: isText,
    exitCode: (exitCode, { state }) => state !== "ended" || isNumber(exitCode),
    detail: (detail, { state }) => (state !== "lost" && state !== "rebooted") || isText(detail),
  },
  connection: { state: isText, detail: isText },
  attempt: { number: isNumber, reason: isText },
  download: { path: isText, bytes: isNumber, totalBytes: isNumber },
  artifact: { path: isText, localPath: isText, sizeBytes: isNumber },
  controller: { state: isText },
  finished: {
    outcome: isText,
    receipt: (receipt) => isObject(receipt) && isObject(receipt.lease) && Array.isArray(receipt.phases),
  },
};
// A map has no names that come from elsewhere, as an object has "constructor".
const fieldsByType = new Map(Object.entries(fields));
