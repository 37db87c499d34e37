import { UnitrainError } from "./error.ts";
import type { HookName } from "./hooks.ts";
import { specVersion } from "./spec-version.ts";

export type AdapterKind = "provider" | "transport" | "framework" | "plugin";

/** The members that each kind of adapter must have, with their types. */
const required: {
  readonly [Kind in AdapterKind]: Readonly<Record<string, "function" | "object" | "string" | "number">>;
} = {
  provider: {
    connectionKind: "string",
    ownership: "string",
    quote: "function",
    listPlannedResources: "function",
    lease: "function",
    getMachineState: "function",
    release: "function",
  },
  transport: { supports: "object", connect: "function" },
  framework: {
    describe: "function",
    check: "function",
    diskBytes: "number",
    environment: "function",
    job: "function",
    progress: "function",
    artifacts: "object",
  },
  plugin: { hooks: "object" },
};

/** The members that an adapter may have, with their types. */
const optional: typeof required = {
  provider: {
    recipe: "object",
    firstBoot: "object",
    defaultTransport: "function",
    offers: "function",
    list: "function",
    selfRelease: "function",
  },
  transport: {
    recipe: "object",
    readyTimeoutMs: "number",
    connectTimeoutMs: "number",
    identity: "function",
    describeConnection: "function",
    access: "function",
  },
  framework: {
    recipe: "object",
    hooks: "object",
    estimate: "function",
    fitsOffer: "function",
    fit: "function",
    nextCommands: "function",
    explainFailure: "function",
    resume: "function",
  },
  plugin: { recipe: "object", order: "object" },
};

/** The hooks that a plugin or a framework can handle. */
const hooks: Readonly<Record<HookName, true>> = {
  provision: true,
  readyCheck: true,
  ship: true,
  run: true,
  locateArtifact: true,
  sanitize: true,
};
const hookNames: ReadonlySet<string> = new Set(Object.keys(hooks));

/** Returns why a value is not an adapter of a kind, as a clause, or undefined if it is one. */
export function findAdapterFault(kind: AdapterKind, adapter: unknown): string | undefined {
  if (adapter instanceof Promise)
    return `it is a promise of a ${kind}, and a function that creates one must not be async`;
  if (typeof adapter !== "object" || adapter === null) return `it is not a ${kind}`;
  const candidate = adapter as Record<string, unknown>;
  if (candidate.specVersion !== specVersion) {
    return `it has the specVersion ${JSON.stringify(candidate.specVersion)}, and this version of unitrain needs ${JSON.stringify(specVersion)}`;
  }
  if (typeof candidate.name !== "string" || candidate.name === "") return `it is a ${kind} without a name`;
  const { secretPatterns = [] } = candidate;
  if (!Array.isArray(secretPatterns) || !secretPatterns.every((pattern) => pattern instanceof RegExp))
    return `the secretPatterns of the ${kind} "${candidate.name}" are not regular expressions`;
  const owner = `the ${kind} "${candidate.name}"`;
  for (const [key, type] of Object.entries(required[kind])) {
    if (candidate[key] === undefined) return `${owner} has no ${key} (${type})`;
    if (!isOfType(candidate[key], type)) return `${owner} has ${describeMember(key, candidate[key], type)}`;
  }
  for (const [key, type] of Object.entries(optional[kind])) {
    if (candidate[key] !== undefined && !isOfType(candidate[key], type))
      return `${owner} has ${describeMember(key, candidate[key], type)}`;
  }
  const { hooks = {}, order = {} } = candidate as { readonly hooks?: object; readonly order?: object };
  for (const [name, handler] of Object.entries(hooks)) {
    if (!hookNames.has(name)) return `${owner} handles a hook that does not exist: ${name}`;
    if (handler !== undefined && typeof handler !== "function")
      return `the hook ${name} of ${owner} is ${typeof handler === "object" ? "an object" : `a ${typeof handler}`} instead of a function`;
  }
  for (const [name, place] of Object.entries(order)) {
    if (!hookNames.has(name) || (place !== undefined && place !== "pre" && place !== "post"))
      return `the order of ${owner} is neither "pre" nor "post" for one of the hooks: ${name}`;
  }
  if (kind === "provider" && candidate.ownership !== "rented" && candidate.ownership !== "borrowed")
    return `the ownership of ${owner} is neither "rented" nor "borrowed"`;
  return undefined;
}

function isOfType(value: unknown, type: string): boolean {
  return typeof value === type && value !== null;
}

function describeMember(key: string, value: unknown, type: string): string {
  const actual = value === null ? "null" : typeof value;
  return `a ${key} of the wrong type: ${actual} instead of ${type}`;
}

/** Throws `INVALID_ADAPTER` if a value is not an adapter of the kind. */
export function checkAdapter(kind: AdapterKind, adapter: unknown): void {
  const fault = findAdapterFault(kind, adapter);
  if (fault === undefined) return;
  throw new UnitrainError("INVALID_ADAPTER", `The ${kind} cannot be used: ${fault}.`, {
    hint: "Install a version of the adapter that supports this version of @unitrain/core.",
    phase: "plan",
  });
}
