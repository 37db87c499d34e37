import { fileURLToPath } from "node:url";

/** A mistake that people make with the types, as a program that must not compile. */
export interface Mistake {
  readonly title: string;
  readonly code: string;
  /** What the first line of the compiler's message must contain: the member at fault. */
  readonly names: string;
  /** The number of lines that the message has below its first one. */
  readonly depth: number;
}

/** Messages of more than one line. The result of an async function without a declared type is compared as a whole promise. */
const depths: Readonly<Record<string, number>> = {
  "provider: a method is missing": 1,
  "provider: two methods are missing": 1,
  "provider: a price as a text": 3,
  "provider: a price in cents": 1,
  "provider: one figure for a range of seconds": 3,
  "provider: a figure of a quote is missing": 1,
  "provider: a state that does not exist": 4,
  "provider: a running machine without its address": 2,
  "provider: release returns nothing": 2,
  "provider: release returns resources instead of proofs": 2,
  "provider: a running machine without its address, with a declared result": 1,
  "transport: connect returns nothing": 2,
  "framework: files where a manifest is needed": 3,
  "framework: entries is a list": 4,
  "framework: a severity that does not exist": 6,
  "plugin: ship returns nothing": 1,
  "plugin: ship returns a list": 5,
  "plugin: run forgets to return the job": 1,
  "plugin: run returns a part of the job": 2,
  "plugin: an async sanitizer": 1,
  "plugin: a sanitizer without a result": 1,
  "plugin: a check that returns a boolean": 1,
  "plugin: a check that returns nothing": 2,
  "program: a plan that is not awaited": 1,
};

/** A provider that compiles, and in which a mistake replaces a member. */
const provider = (members: Readonly<Record<string, string>>) => {
  const all: Readonly<Record<string, string>> = {
    name: `"desk"`,
    connectionKind: `"ssh"`,
    ownership: `"rented"`,
    quote: `async () => quote`,
    listPlannedResources: `() => []`,
    lease: `async () => {}`,
    getMachineState: `async () => ({ state: "unknown", detail: "" })`,
    release: `async () => []`,
    ...members,
  };
  return `import { defineProvider, type MachineState, type Quote } from "@unitrain/core/spec";
declare const quote: Quote;
export const mistake = defineProvider({
${formatMembers(all)}});`;
};

const framework = (members: Readonly<Record<string, string>>) => {
  const all: Readonly<Record<string, string>> = {
    name: `"words"`,
    diskBytes: `1_000_000`,
    describe: `() => ({ job: "count", folder: "runs/words" })`,
    check: `async () => ({ manifest: { async *entries() {} }, summary: "", findings: [] })`,
    environment: `() => ({ key: "words", folder: "/words", checkCommand: nothing, install: nothing, verify: nothing })`,
    job: `({ jobId }) => ({ id: jobId, argv: ["true"], cwd: "/", env: {}, secrets: [], watch: [], needs: { gpus: 0 }, title: "count" })`,
    progress: `() => ({ text: () => [], file: () => [] })`,
    artifacts: `rules`,
    ...members,
  };
  return `import { type ArtifactRules, defineFramework } from "@unitrain/core/spec";
declare const rules: ArtifactRules;
const nothing = { argv: ["true"] };
export const mistake = defineFramework({
${formatMembers(all)}});`;
};

const transport = (members: Readonly<Record<string, string>>) => {
  const all = {
    name: `"lab"`,
    supports: `["ssh"]`,
    connect: `async () => ({ ready: false, step: "login", reason: "no answer" })`,
    ...members,
  };
  return `import { defineTransport, type Session } from "@unitrain/core/spec";
declare const session: Session;
export const mistake = defineTransport({
${formatMembers(all)}});`;
};

const plugin = (hooks: string) => `import { definePlugin } from "@unitrain/core/spec";
export const mistake = definePlugin({ name: "mine", hooks: { ${hooks} } });`;

const program = (
  code: string,
  imports = "",
) => `import { createUnitrain, type Plan, type Run, type Unitrain } from "@unitrain/core";
import { definePlugin, type Framework, type Provider, type Transport } from "@unitrain/core/spec";
${imports}
declare const unitrain: Unitrain, plan: Plan, provider: Provider, transport: Transport, framework: Framework, run: Run;
declare function cloud(options?: { readonly region?: string }): Provider;
export { cloud, createUnitrain, definePlugin, framework, plan, provider, run, transport, unitrain };
${code}`;

const cli = fileURLToPath(new URL("../../../packages/cli/src/settings/config/config.ts", import.meta.url));

const config = (code: string) => `import { defineConfig } from ${JSON.stringify(cli)};
export default defineConfig({ ${code} });`;

/** Leaves out members without a value. */
function formatMembers(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `  ${name}: ${value},\n`)
    .join("");
}

const mistake = (title: string, names: string, code: string): Mistake => ({
  title,
  names,
  code,
  depth: depths[title] ?? 0,
});

export const mistakes: readonly Mistake[] = [
  mistake("provider: a method is missing", "release", provider({ release: "" })),
  mistake("provider: two methods are missing", "lease", provider({ lease: "", release: "" })),
  mistake(
    "provider: a method is misspelled",
    "getMachinestate",
    provider({ getMachineState: "", getMachinestate: `async () => ({ state: "unknown", detail: "" })` }),
  ),
  mistake("provider: an optional method is misspelled", "lists", provider({ lists: `async () => []` })),
  mistake(
    "provider: a price as a text",
    "priceUsdPerHour",
    provider({ quote: `async () => ({ ...quote, priceUsdPerHour: "2.50" })` }),
  ),
  mistake(
    "provider: a price in cents",
    "priceCentsPerHour",
    provider({
      quote: `async () => ({ machine: "desk", priceCentsPerHour: 250, upfrontUsd: 0, otherUsdPerHour: 0, billingTickSeconds: 1, gpus: 1, available: "yes", interruptible: false, bootSeconds: { likely: 0, high: 0 }, reference: null })`,
    }),
  ),
  mistake(
    "provider: one figure for a range of seconds",
    "bootSeconds",
    provider({ quote: `async () => ({ ...quote, bootSeconds: 60 })` }),
  ),
  mistake(
    "provider: a figure of a quote is missing",
    "Promise<Quote>",
    provider({
      quote: `async () => ({ machine: "desk", priceUsdPerHour: 2, upfrontUsd: 0, otherUsdPerHour: 0, gpus: 1, available: "yes", interruptible: false, bootSeconds: { likely: 0, high: 0 }, reference: null })`,
    }),
  ),
  mistake("provider: quote without async", "quote", provider({ quote: `() => quote` })),
  mistake(
    "provider: async where a list is needed at once",
    "Resource[]",
    provider({ listPlannedResources: `async () => []` }),
  ),
  mistake(
    "provider: a resource without onRelease",
    "onRelease",
    provider({ listPlannedResources: `(leaseId) => [{ kind: "vm", name: leaseId }]` }),
  ),
  mistake(
    "provider: a state that does not exist",
    "state",
    provider({ getMachineState: `async () => ({ state: "dead", detail: "" })` }),
  ),
  mistake(
    "provider: a running machine without its address",
    "running",
    provider({ getMachineState: `async () => ({ state: "running" })` }),
  ),
  mistake("provider: release returns nothing", "release", provider({ release: `async () => {}` })),
  mistake(
    "provider: release returns resources instead of proofs",
    "ReleaseProof",
    provider({ release: `async (resources) => resources` }),
  ),
  mistake("provider: an ownership that does not exist", "ownership", provider({ ownership: `"owned"` })),
  mistake(
    "provider: a price as a text, with a declared result",
    "priceUsdPerHour",
    provider({ quote: `async (): Promise<Quote> => ({ ...quote, priceUsdPerHour: "2.50" })` }),
  ),
  mistake(
    "provider: a price in cents, with a declared result",
    "priceCentsPerHour",
    provider({ quote: `async (): Promise<Quote> => ({ ...quote, priceCentsPerHour: 250 })` }),
  ),
  mistake(
    "provider: a figure of a quote is missing, with a declared result",
    "billingTickSeconds",
    provider({
      quote: `async (): Promise<Quote> => ({ machine: "desk", priceUsdPerHour: 2, upfrontUsd: 0, otherUsdPerHour: 0, gpus: 1, available: "yes", interruptible: false, bootSeconds: { likely: 0, high: 0 }, reference: null })`,
    }),
  ),
  mistake(
    "provider: a state that does not exist, with a declared result",
    "state",
    provider({ getMachineState: `async (): Promise<MachineState> => ({ state: "dead", detail: "" })` }),
  ),
  mistake(
    "provider: a running machine without its address, with a declared result",
    "running",
    provider({ getMachineState: `async (): Promise<MachineState> => ({ state: "running" })` }),
  ),
  mistake("transport: a text where a list is needed", "supports", transport({ supports: `"ssh"` })),
  mistake("transport: connect returns nothing", "connect", transport({ connect: `async () => {}` })),
  mistake("transport: connect without async", "Session", transport({ connect: `() => session` })),
  mistake("transport: a limit without its unit", "readyTimeout", transport({ readyTimeout: "120" })),
  mistake(
    "framework: a command as one text",
    "argv",
    framework({
      job: `({ jobId }) => ({ id: jobId, argv: "python train.py", cwd: "/", env: {}, secrets: [], watch: [], needs: { gpus: 0 }, title: "count" })`,
    }),
  ),
  mistake(
    "framework: a variable with a number",
    "WORKERS",
    framework({
      job: `({ jobId }) => ({ id: jobId, argv: ["true"], cwd: "/", env: { WORKERS: 4 }, secrets: [], watch: [], needs: { gpus: 0 }, title: "count" })`,
    }),
  ),
  mistake(
    "framework: files where a manifest is needed",
    "manifest",
    framework({ check: `async () => ({ manifest: [], summary: "", findings: [] })` }),
  ),
  mistake(
    "framework: entries is a list",
    "entries",
    framework({ check: `async () => ({ manifest: { entries: [] }, summary: "", findings: [] })` }),
  ),
  mistake(
    "framework: progress is a function",
    "ProgressReader",
    framework({ progress: `() => (line: string) => []` }),
  ),
  mistake(
    "framework: epochs without a unit",
    "unit",
    framework({
      progress: `() => ({ text: () => [{ done: 1, complete: true, metrics: {} }], file: () => [] })`,
    }),
  ),
  mistake(
    "framework: a severity that does not exist",
    "severity",
    framework({
      check: `async () => ({ manifest: { async *entries() {} }, summary: "", findings: [{ kind: "k", severity: "fatal", file: "a", message: "m" }] })`,
    }),
  ),
  mistake(
    "plugin: the wrong member of a manifest",
    "length",
    plugin(
      `ship: (manifest) => { if (manifest.entries.length > 3) throw new Error("too many"); return manifest; }`,
    ),
  ),
  mistake(
    "plugin: a loop over entries without a call",
    "entries",
    plugin(
      `ship: async (manifest) => { for await (const files of manifest.entries) console.log(files); return manifest; }`,
    ),
  ),
  mistake(
    "plugin: a hook changes its input",
    "entries",
    plugin(`ship: (manifest) => { manifest.entries = async function* () {}; return manifest; }`),
  ),
  mistake("plugin: ship returns nothing", "ship", plugin(`ship: (manifest) => { manifest.entries(); }`)),
  mistake(
    "plugin: ship returns a list",
    "ship",
    plugin(
      `ship: async (manifest) => { const kept = []; for await (const files of manifest.entries()) kept.push(...files); return kept; }`,
    ),
  ),
  mistake(
    "plugin: run forgets to return the job",
    "run",
    plugin(`run: (job) => { ({ ...job, env: { ...job.env, A: "1" } }); }`),
  ),
  mistake(
    "plugin: run returns a part of the job",
    "run",
    plugin(`run: (job) => ({ env: { ...job.env, A: "1" } })`),
  ),
  mistake("plugin: an async sanitizer", "sanitize", plugin(`sanitize: async (text) => text`)),
  mistake("plugin: a sanitizer without a result", "sanitize", plugin(`sanitize: (text) => { text.trim(); }`)),
  mistake(
    "plugin: a check that returns a boolean",
    "readyCheck",
    plugin(`readyCheck: ({ facts }) => facts.cpus > 4`),
  ),
  mistake(
    "plugin: a check that returns nothing",
    "readyCheck",
    plugin(
      `readyCheck: ({ facts }) => { if (facts.cpus < 4) return { ready: false, step: "cpus", reason: "too few" }; }`,
    ),
  ),
  mistake("plugin: a hook that does not exist", "onShip", plugin(`onShip: (manifest: unknown) => manifest`)),
  mistake(
    "plugin: an order that does not exist",
    "sanitize",
    plugin(`sanitize: (text) => text }, order: { sanitize: "first"`),
  ),
  mistake(
    "program: a factory that is not called",
    "Provider",
    program(`createUnitrain({ provider: cloud, transport, framework });`),
  ),
  mistake(
    "program: two adapters in the wrong places",
    "provider",
    program(`createUnitrain({ provider: framework, framework: provider, transport });`),
  ),
  mistake(
    "program: a plugin that is not in a list",
    "plugins",
    program(`createUnitrain({ provider, framework, plugins: definePlugin({ name: "p", hooks: {} }) });`),
  ),
  mistake(
    "program: an unknown option",
    "plugin",
    program(`createUnitrain({ provider, framework, plugin: [] });`),
  ),
  mistake(
    "program: a budget under another name",
    "budget",
    program(`await unitrain.plan({ data: "./pallets", budget: 8 });`),
  ),
  mistake(
    "program: hours as a text",
    "maxHours",
    program(`await unitrain.plan({ data: "./pallets", maxHours: "4" });`),
  ),
  mistake(
    "program: a limit in minutes",
    "maxMinutes",
    program(`await unitrain.plan({ data: "./pallets", maxMinutes: 30 });`),
  ),
  mistake(
    "program: a secret with its value",
    "TOKEN",
    program(`await unitrain.plan({ data: "./pallets", secrets: { TOKEN: "t" } });`),
  ),
  mistake(
    "program: a plan that is not awaited",
    "Promise<Plan>",
    program(`await unitrain.start(unitrain.plan({ data: "./pallets" }));`),
  ),
  mistake("program: a run that is not awaited", "result", program(`unitrain.start(plan).result;`)),
  mistake("program: a result that is not awaited", "outcome", program(`console.log(run.result.outcome);`)),
  mistake(
    "program: an event that does not exist",
    `"epoch"`,
    program(`for await (const event of run.events) if (event.type === "epoch") console.log(event);`),
  ),
  mistake(
    "program: the wrong define function",
    "PluginDefinition",
    program(`definePlugin({ name: "p", quote: async () => {} });`),
  ),
  mistake(
    "configuration: options of a provider after on",
    "on",
    config(`on: { region: "north" }, data: "./pallets"`),
  ),
  mistake(
    "configuration: a factory that is not called",
    "Provider",
    `import { defineConfig } from ${JSON.stringify(cli)};
import { canopywave } from "@unitrain/provider-canopywave";
export default defineConfig({ provider: canopywave, data: "./pallets" });`,
  ),
  mistake(
    "configuration: the option of another provider",
    "hostKey",
    `import { canopywave } from "@unitrain/provider-canopywave";
export const mistake = canopywave({ region: "KEF-3", hostKey: "ssh-ed25519 AAAA" });`,
  ),
  mistake(
    "configuration: a price with its unit",
    "maxPrice",
    config(`maxPrice: "2.50 USD", data: "./pallets"`),
  ),
  mistake(
    "configuration: an option of the training beside train",
    "epochs",
    config(`epochs: 50, data: "./pallets"`),
  ),
  mistake(
    "configuration: a misspelled option of the training",
    "epoch",
    config(`train: { epoch: 50 }, data: "./pallets"`),
  ),
  mistake("configuration: a number as a text", "maxHours", config(`maxHours: "4", data: "./pallets"`)),
];
