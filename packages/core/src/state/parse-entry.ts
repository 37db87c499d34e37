import type { Plan, Resource } from "../spec/index.ts";
import { withCurrentNames } from "./earlier-names.ts";
import type { LedgerEntry } from "./ledger-entry.ts";

export const ledgerFormat = 1;

/** A parsed line of a ledger: an entry, or a line of a newer version with the resources that it names. */
export type ParsedLine =
  | { readonly entry: LedgerEntry }
  | { readonly newerFormat: number; readonly resources: readonly Resource[] }
  | undefined;

/** Parses one line. It checks the fields that the engine relies on, so that damage is found before a run is driven. */
export function parseEntry(line: string): ParsedLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  if (typeof value.v === "number" && value.v > ledgerFormat) {
    return { newerFormat: value.v, resources: resourcesIn(value) };
  }
  if (value.v !== ledgerFormat || typeof value.type !== "string" || !isMoment(value.at)) return undefined;
  const isValid = Object.hasOwn(shapes, value.type) ? shapes[value.type as LedgerEntry["type"]] : undefined;
  return isValid?.(value) ? { entry: withCurrentNames(value) as unknown as LedgerEntry } : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const shapes: Readonly<Record<LedgerEntry["type"], (entry: Fields) => boolean>> = {
  intent: ({ plan, leases, leaseId, resources, deadline }) =>
    isPlan(plan) &&
    isDeadline(deadline) &&
    (isList(leases, isText) || (isText(leaseId) && isList(resources, isResource))),
  attempt: ({ number, leases }) => Number.isSafeInteger(number) && isList(leases, isText),
  "attempt-ended": ({ error }) => isErrorReport(error),
  planned: ({ leaseId, provider, transport, quote, resources, holder, deadline }) =>
    isText(leaseId) &&
    [provider, transport].every(isAdapterDescriptor) &&
    isQuote(quote) &&
    isList(resources, isResource) &&
    isHolder(holder) &&
    isDeadline(deadline),
  held: ({ holder, deadline }) => isHolder(holder) && isDeadline(deadline),
  idle: ({ keepUntil }) => isMoment(keepUntil),
  resource: ({ resource }) => isResource(resource),
  leased: () => true,
  connected: ({ machine, facts }) => isRecord(machine) && isRecord(facts),
  shipped: ({ target }) => isText(target),
  setup: ({ logBytes }) => typeof logBytes === "number",
  environment: ({ folder }) => isText(folder),
  starting: ({ input, watch, secrets = [] }) =>
    isRecord(input) && isList(watch, isText) && isList(secrets, isText),
  started: () => true,
  stopping: () => true,
  "job-ended": ({ state }) => isText(state),
  "output-moved": ({ folder }) => isText(folder),
  brought: ({ artifacts }) => isList(artifacts, isRecord),
  failed: ({ error }) => isErrorReport(error),
  releasing: () => true,
  released: ({ proofs }) => isList(proofs, (proof) => isRecord(proof) && isResource(proof.resource)),
  "release-unconfirmed": () => true,
  finished: ({ outcome }) => isText(outcome),
};

export function isPlan(plan: unknown): plan is Plan {
  if (!isRecord(plan)) return false;
  const { runId, name, createdAt, job, out, provider, transport, framework, plugins, quote } = plan;
  return (
    [runId, name, job, out].every(isText) &&
    isMoment(createdAt) &&
    [provider, transport, framework].every(isAdapterDescriptor) &&
    isList(plugins, isAdapterDescriptor) &&
    isQuote(quote)
  );
}

function isQuote(quote: unknown): boolean {
  return isRecord(quote) && isText(quote.machine);
}

function isHolder(holder: unknown): boolean {
  return isRecord(holder) && isText(holder.runId) && Number.isSafeInteger(holder.attempt);
}

function isErrorReport(error: unknown): boolean {
  return isRecord(error) && isText(error.code) && isText(error.message);
}

function isAdapterDescriptor(descriptor: unknown): boolean {
  return isRecord(descriptor) && isText(descriptor.name);
}

function isResource(resource: unknown): resource is Resource {
  return isRecord(resource) && isText(resource.kind) && isText(resource.name);
}

function isDeadline(deadline: unknown): boolean {
  if (deadline === undefined) return true;
  return isRecord(deadline) && [deadline.stopAt, deadline.endsBy].every(isMoment);
}

/** Finds everything that looks like a resource, at any depth. The result is only shown to the user and never acted on. */
function resourcesIn(value: unknown, depth = 0): readonly Resource[] {
  if (depth > 6 || typeof value !== "object" || value === null) return [];
  if (isResource(value) && ("id" in value || "onRelease" in value)) return [value];
  return Object.values(value).flatMap((entry) => resourcesIn(entry, depth + 1));
}

function isList(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isEntry);
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isMoment(value: unknown): boolean {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
