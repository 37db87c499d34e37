import { specVersion, UnitrainError } from "../spec/index.ts";

export type AdapterKind = "provider" | "transport" | "framework" | "plugin";

/** What each kind must bring to be called at all. */
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

/** What is wrong with a thing that should be an adapter, as a sentence's end; undefined when it can be called. */
export function findAdapterFault(kind: AdapterKind, adapter: unknown): string | undefined {
  if (typeof adapter !== "object" || adapter === null) return `it is not a ${kind}`;
  const candidate = adapter as Record<string, unknown>;
  if (candidate.specVersion !== specVersion) {
    return `it is a ${kind} for specVersion ${JSON.stringify(candidate.specVersion)}, this is unitrain with ${JSON.stringify(specVersion)}`;
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

/** Refuses what cannot be called, before anything starts. */
export function checkAdapter(kind: AdapterKind, adapter: unknown): void {
  const fault = findAdapterFault(kind, adapter);
  if (fault === undefined) return;
  throw new UnitrainError("INVALID_ADAPTER", `The ${kind} cannot be used: ${fault}.`, {
    hint: "Install versions of the adapter and of @unitrain/core that belong together.",
    phase: "plan",
  });
}
