import { UnitrainError } from "./error.ts";
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

/** Returns why a value is not an adapter of a kind, as a clause, or undefined if it is one. */
export function findAdapterFault(kind: AdapterKind, adapter: unknown): string | undefined {
  if (typeof adapter !== "object" || adapter === null) return `it is not a ${kind}`;
  const candidate = adapter as Record<string, unknown>;
  if (candidate.specVersion !== specVersion) {
    return `it has the specVersion ${JSON.stringify(candidate.specVersion)}, and this version of unitrain needs ${JSON.stringify(specVersion)}`;
  }
  if (typeof candidate.name !== "string" || candidate.name === "") return `it is a ${kind} without a name`;
  const { secretPatterns = [] } = candidate;
  if (!Array.isArray(secretPatterns) || !secretPatterns.every((pattern) => pattern instanceof RegExp))
    return `the secretPatterns of the ${kind} "${candidate.name}" are not regular expressions`;
  for (const [key, type] of Object.entries(required[kind])) {
    if (typeof candidate[key] !== type || candidate[key] === null)
      return `the ${kind} "${candidate.name}" has no ${key} (${type})`;
  }
  return undefined;
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
