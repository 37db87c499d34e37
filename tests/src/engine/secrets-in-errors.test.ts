import { inspect } from "node:util";
import {
  createLifetime,
  memoryCloud,
  memoryFramework,
  memoryProvider,
  memoryTransport,
} from "@unitrain/conformance";
import {
  type CallContext,
  createUnitrain,
  definePlugin,
  type Framework,
  openMachine,
  type Provider,
} from "@unitrain/core";
import { describe, expect, test, vi } from "vitest";
import { createEngineHarness } from "./engine-harness.ts";

const key = "Zq81-horse-battery-staple";

/** Fails like an adapter that puts its own key into the message and the cause. */
function fail(context?: CallContext): never {
  context?.secret(key);
  throw new Error(`401 for ${key}`, { cause: new Error(`GET /?key=${key}`, { cause: key }) });
}

const providerCalls: Readonly<Record<string, Partial<Provider>>> = {
  quote: { quote: async (_request, context) => fail(context) },
  offers: { offers: async (context) => fail(context) },
  list: { list: async (context) => fail(context) },
  release: { release: async (_resources, context) => fail(context) },
  getMachineState: { getMachineState: async (_resources, context) => fail(context), ownership: "borrowed" },
};

const frameworkCalls: Readonly<Record<string, Partial<Framework>>> = {
  check: { check: async (_source, context) => fail(context) },
  // These get no context, but the key is already registered, because the adapter names its variable.
  describe: { describe: () => fail() },
  fitsOffer: { fitsOffer: () => fail() },
};

async function adaptersWith(provider: Partial<Provider>, framework: Partial<Framework> = {}) {
  const { home, clock } = await createEngineHarness();
  const cloud = memoryCloud(clock);
  const recipe = { module: "none", exportName: "none", options: {}, secrets: ["UNITRAIN_TEST_KEY"] };
  return {
    home,
    provider: { ...memoryProvider(cloud, {}, createLifetime()), ...provider },
    transport: memoryTransport(cloud, createLifetime()),
    framework: { ...memoryFramework(cloud, createLifetime()), recipe, ...framework },
  };
}

async function renderFailure(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "UnitrainError" });
  return `${inspect(error, { depth: 10 })}${JSON.stringify(error)}`;
}

describe("an error is shown without the adapter's key", () => {
  test.each(Object.entries(providerCalls))("provider.%s", async (name, calls) => {
    const adapters = await adaptersWith(calls);
    const machine = openMachine(adapters);
    const failing = {
      quote: () => createUnitrain(adapters).plan({ data: "." }),
      offers: () => machine.offers(),
      list: () => machine.listUntracked(),
      release: () => machine.releaseUntracked([]),
      getMachineState: () => machine.inspect(),
    }[name as keyof typeof providerCalls];
    const text = await renderFailure(failing?.() ?? Promise.resolve());
    expect(text).toContain("401 for [redacted]");
    expect(text).not.toContain(key);
  });

  test.each(Object.entries(frameworkCalls))("framework.%s", async (_name, calls) => {
    process.env.UNITRAIN_TEST_KEY = key;
    try {
      const unitrain = createUnitrain(await adaptersWith({}, calls));
      const text = await renderFailure(unitrain.plan({ data: "." }));
      expect(text).toContain("401 for [redacted]");
      expect(text).not.toContain(key);
    } finally {
      delete process.env.UNITRAIN_TEST_KEY;
    }
  });

  test("also if a plugin chose the provider, and the key is only in the variable that it names", async () => {
    vi.stubEnv("UNITRAIN_OTHER_KEY", key);
    const adapters = await adaptersWith({});
    const recipe = { module: "none", exportName: "none", options: {}, secrets: ["UNITRAIN_OTHER_KEY"] };
    const chosen = { ...adapters.provider, name: "chosen", recipe, quote: async () => fail() };
    const plugin = definePlugin({ name: "choosing", hooks: { provision: () => chosen } });
    const text = await renderFailure(createUnitrain({ ...adapters, plugins: [plugin] }).plan({ data: "." }));
    vi.unstubAllEnvs();
    expect(text).toContain("401 for [redacted]");
    expect(text).not.toContain(key);
  });

  test.each<[string, Partial<Provider>]>([
    [
      "named by a variable",
      { recipe: { module: "none", exportName: "none", options: {}, secrets: ["UNITRAIN_OTHER_KEY"] } },
    ],
    ["known by its pattern", { secretPatterns: [/Zq\d\d-[a-z-]{6,64}/] }],
  ])("in a run on a provider that a plugin chose, with a key %s", async (_title, known) => {
    vi.stubEnv("UNITRAIN_OTHER_KEY", key);
    const adapters = await adaptersWith({});
    const chosen = { ...adapters.provider, ...known, name: "chosen", lease: async () => fail() };
    const plugin = definePlugin({ name: "choosing", hooks: { provision: () => chosen } });
    const unitrain = createUnitrain({ ...adapters, plugins: [plugin], guardian: false });
    const run = await unitrain.start(await unitrain.plan({ data: "." }));
    const text = await renderFailure(run.result);
    vi.unstubAllEnvs();
    expect(text).toContain("401 for [redacted]");
    expect(text).not.toContain(key);
  });

  test("when the key is unregistered but matches the provider's pattern of keys", async () => {
    const adapters = await adaptersWith({
      secretPatterns: [/\bZq\d\d-[a-z-]{6,64}/],
      offers: async () => {
        throw new Error(`401 for ${key}`);
      },
    });
    const text = await renderFailure(openMachine(adapters).offers());
    expect(text).toContain("401 for [redacted]");
    expect(text).not.toContain(key);
  });
});
