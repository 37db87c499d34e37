import { describe, expect, expectTypeOf, test } from "vitest";
import { findAdapterFault } from "./adapter-shape.ts";
import { defineFramework, definePlugin, defineProvider, defineTransport } from "./define.ts";
import type { Framework } from "./framework.ts";
import type { Plugin } from "./plugin.ts";
import type { Provider } from "./provider.ts";
import type { Transport } from "./transport.ts";

declare const provider: Provider;
declare const transport: Transport;
declare const framework: Framework;

describe("the define functions", () => {
  test("refuse incomplete, misspelled and mistaken adapters at compile time", () => {
    const wrong = () => {
      const { release: _release, ...withoutRelease } = provider;
      // @ts-expect-error `release` is missing
      defineProvider(withoutRelease);
      // @ts-expect-error it is `list`
      defineProvider({ ...provider, lists: async () => [] });
      // @ts-expect-error the list is needed at once
      defineProvider({ ...provider, listPlannedResources: async () => [] });
      // @ts-expect-error a list of kinds
      defineTransport({ ...transport, supports: "ssh" });
      // @ts-expect-error a limit has its unit in its name
      defineTransport({ ...transport, readyTimeout: 120 });
      // @ts-expect-error a number of bytes
      defineFramework({ ...framework, diskBytes: "1GB" });
      // @ts-expect-error a framework is not a plugin
      definePlugin(framework);
      // @ts-expect-error `entries` is a function, whose length is not the number of files
      definePlugin({ name: "p", hooks: { ship: (files) => (files.entries.length > 1 ? files : files) } });
      // @ts-expect-error `run` returns the whole job
      definePlugin({ name: "p", hooks: { run: ({ env }) => ({ env }) } });
      // @ts-expect-error `readyCheck` says why a machine is not ready
      definePlugin({ name: "p", hooks: { readyCheck: ({ facts }) => facts.cpus > 1 } });
    };
    expect(wrong).toBeTypeOf("function");
    const right = () => [defineProvider(provider), definePlugin({ name: "p", hooks: {} })] as const;
    expectTypeOf<ReturnType<typeof right>>().toEqualTypeOf<readonly [Provider, Plugin]>();
  });
});

describe("the check of an adapter's shape", () => {
  test.each([
    [{ teardown: () => {} }, {}, 'the plugin "p" handles a hook that does not exist: teardown'],
    [
      { ship: { order: "pre", handler: () => {} } },
      {},
      'the hook ship of the plugin "p" is an object instead of a function',
    ],
    [{ run: "later" }, {}, 'the hook run of the plugin "p" is a string instead of a function'],
    [
      {},
      { run: "first" },
      'the order of the plugin "p" is neither "pre" nor "post" for one of the hooks: run',
    ],
    [{ run: () => {} }, { run: "post" }, undefined],
    [{ run: undefined }, {}, undefined],
  ])("of hooks %o with the order %o", (hooks, order, fault) => {
    expect(findAdapterFault("plugin", { specVersion: "v1", name: "p", hooks, order })).toBe(fault);
  });
});
