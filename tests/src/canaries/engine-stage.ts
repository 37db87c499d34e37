import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createLifetime,
  killablePorts,
  type Lifetime,
  type MemoryCloud,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import {
  type AdapterRecipe,
  type CallContext,
  createUnitrain,
  type Framework,
  openRuns,
  type Plugin,
  type Provider,
  type Run,
  type Transport,
  type Unitrain,
} from "@unitrain/core";
import { onTestFinished } from "vitest";
import { type Canary, createCanary, createQuotedCanary } from "./canary.ts";
import { describe } from "./leaky.ts";
import { type CanarySearch, createSearch, describeLeaks } from "./search.ts";

const keyVariable = "UNITRAIN_CANARY_KEY";
const secretVariable = "UNITRAIN_CANARY_SECRET";

type CreateError = (canaries: readonly Canary[]) => unknown;

/** One simulated computer with a provider, a machine and a training that know secrets, and print and throw them on request. */
export interface EngineStage {
  readonly cloud: MemoryCloud;
  readonly search: CanarySearch;
  readonly canaries: readonly Canary[];
  /** Returns a text with every secret that is known by now. */
  readonly text: () => string;
  /** Names of the calls that were made: `session.ship`. */
  readonly calls: Set<string>;
  /** Plans what the next `times` calls of a method throw. */
  throwOn(call: string, createError: CreateError, times?: number): void;
  /** Replaces the answers of a method. */
  answer(call: string, createAnswer: () => unknown): void;
  /** Creates a process. What it says is collected. */
  process(lifetime?: Lifetime, plugins?: readonly Plugin[]): Unitrain;
  /** Starts a run, and resolves with it when it is over or the process has died. Errors are collected. */
  run(unitrain: Unitrain, lifetime?: Lifetime): Promise<void>;
  /** Attaches to the newest run in the same way. */
  attach(unitrain: Unitrain): Promise<void>;
  /** Releases what costs money. */
  gc(unitrain: Unitrain): Promise<void>;
  /** Finds the canaries in everything that was said and written. */
  listLeaks(): Promise<readonly string[]>;
}

export async function createEngineStage(): Promise<EngineStage> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-canaries-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const [home, out] = [join(folder, "home"), join(folder, "out")];
  await mkdir(home);
  const key = createCanary("the key of the provider, in a variable");
  const registered = createCanary("a password that an adapter registers");
  const secret = createQuotedCanary("--secret");
  const url = createCanary("URL with a password that nobody registered");
  const canaries = [key, registered, secret, url];
  // A secret that an adapter registers is unknown before its first call that can do so.
  let isRegistered = false;
  const knownCanaries = () => canaries.filter((canary) => canary !== registered || isRegistered);
  const text = () => describe(knownCanaries());
  const search = createSearch(canaries);
  for (const [name, { value }] of [
    [keyVariable, key],
    [secretVariable, secret],
  ] as const)
    setVariable(name, value);
  const clock = virtualClock();
  const locks = memoryLocks();
  const cloud = memoryCloud(clock);
  cloud.training.log = [
    ...Array.from({ length: 5 }, (_, at) => `epoch ${at + 1}/5 loss ${(1 / (at + 1)).toFixed(3)}\n`),
    `environ({'TOKEN': ${JSON.stringify(secret.value)}})\nTraceback (most recent call last):\n  ${describe(canaries)}\n`,
  ].join("");
  cloud.setup.log = `+ setup line\n${describe(canaries)}\n`;
  const said: [where: string, value: unknown][] = [];
  const calls = new Set<string>();
  const answers = new Map<string, () => unknown>();
  const planned = new Map<string, { createError: CreateError; times: number }>();
  /** Makes every method of an adapter show secrets, and throw what was planned for it. */
  const leaky = <T extends object>(prefix: string, adapter: T): T => {
    const methods = Object.entries(adapter).flatMap(([name, method]) =>
      typeof method === "function" ? [[name, leakyMethod(`${prefix}.${name}`, method)]] : [],
    );
    return { ...adapter, ...Object.fromEntries(methods) };
  };
  const leakyMethod =
    (call: string, method: (...inputs: unknown[]) => unknown) =>
    (...inputs: unknown[]) => {
      calls.add(call);
      const context = inputs.find(isContext);
      isRegistered ||= context !== undefined;
      context?.secret(registered.value);
      context?.showStatus(`${call} with ${text()}`);
      context?.progress?.(`${call} with ${text()}`);
      const createAnswer = answers.get(call);
      if (createAnswer !== undefined) return createAnswer();
      const fault = planned.get(call);
      if (fault === undefined || fault.times === 0) return method(...inputs);
      fault.times -= 1;
      throw fault.createError(knownCanaries());
    };
  const recipe: AdapterRecipe = {
    module: "@unitrain/conformance",
    exportName: "none",
    options: {},
    secrets: [keyVariable],
  };
  const collect = async (run: Run) => {
    for await (const event of run.events) said.push(["an event", event]);
    await run.result.then(
      (result) => said.push(["the result", result]),
      (error: unknown) => said.push(["the error of the run", error]),
    );
  };
  const settle = async (lifetime: Lifetime, work: () => Promise<unknown>) => {
    const failed = (error: unknown) => void said.push(["a thrown error", error]);
    await Promise.race([lifetime.death, work().catch(failed)]);
  };
  return {
    cloud,
    search,
    canaries,
    text,
    calls,
    throwOn: (call, createError, times = 1) => void planned.set(call, { createError, times }),
    answer: (call, createAnswer) => void answers.set(call, createAnswer),
    process(lifetime = createLifetime(), plugins = []) {
      isRegistered = false;
      const transport = memoryTransport(cloud, lifetime);
      return createUnitrain({
        home,
        guardian: false,
        plugins,
        ports: killablePorts(lifetime, clock, locks),
        provider: leaky<Provider>("provider", {
          ...memoryProvider(cloud, {}, lifetime),
          recipe,
          ...evidence(cloud, lifetime, text),
        }),
        transport: leaky<Transport>("transport", {
          ...transport,
          async connect(machine, context) {
            const session = await transport.connect(machine, context);
            return "ready" in session ? session : leaky("session", session);
          },
        }),
        framework: leaky<Framework>("framework", memoryFramework(cloud, lifetime)),
      });
    },
    run: (unitrain, lifetime = createLifetime()) =>
      settle(lifetime, async () => {
        const plan = await unitrain.plan({
          data: ".",
          out,
          secrets: [secretVariable],
          setup: ["echo a setup line"],
          command: `WANDB_API_KEY=${url.value} unitrain train https://user:${url.value}@example.com/data.zip`,
          settings: [
            {
              name: "pip",
              value: [`git+https://user:${url.value}@example.com/x.git`],
              source: "command line",
            },
          ],
          showStatus: (message) => void said.push(["a status of plan", message]),
          progress: (message) => void said.push(["the progress of plan", message]),
        });
        said.push(["the plan", plan]);
        await collect(await unitrain.start(plan, { secrets: { [secretVariable]: secret.value } }));
      }),
    attach: (unitrain) =>
      settle(createLifetime(), async () =>
        collect(await unitrain.attach(undefined, { secrets: { [secretVariable]: secret.value } })),
      ),
    gc: (unitrain) =>
      settle(createLifetime(), async () => void said.push(["the report of gc", await unitrain.gc()])),
    async listLeaks() {
      const runs = openRuns({ home, ports: { locks } });
      said.push(["the list of runs", await runs.runs()], ["the list of leases", await runs.leases()]);
      const below = await search.folder(folder);
      return describeLeaks([...search.values(said), ...below.leaks]);
    },
  };
}

/** Sets a variable of this process until the test ends. */
function setVariable(name: string, value: string): void {
  process.env[name] = value;
  onTestFinished(() => void delete process.env[name]);
}

/** Answers that name secrets, as a careless provider gives them. */
function evidence(cloud: MemoryCloud, lifetime: Lifetime, text: () => string): Partial<Provider> {
  const provider = memoryProvider(cloud, {}, lifetime);
  return {
    quote: async (request, context) => ({
      ...(await provider.quote(request, context)),
      machine: `desk of ${text()}`,
    }),
    async getMachineState(resources, context) {
      const state = await provider.getMachineState(resources, context);
      return state.state === "running" ? state : { ...state, detail: text(), evidence: text() };
    },
    async release(resources, context) {
      const proofs = await provider.release(resources, context);
      return proofs.map((proof) => ({ ...proof, evidence: `404 for ${text()}` }));
    },
  };
}

const isContext = (value: unknown): value is CallContext =>
  typeof value === "object" && value !== null && "showStatus" in value && "secret" in value;
