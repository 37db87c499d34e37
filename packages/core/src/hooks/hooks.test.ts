import { describe, expect, expectTypeOf, test } from "vitest";
import { definePlugin, type HookHandler, type Job, type Manifest } from "../spec/index.ts";
import { createHookDriver, type HookCall } from "./driver.ts";
import type { HooksOfKind } from "./hook-kinds.ts";

const call: HookCall = {
  phase: "plan",
  within: async (_what, handler) =>
    handler({
      signal: new AbortController().signal,
      secret: () => {},
      showStatus: () => {},
      wait: async () => {},
    }),
};

describe("hook types", () => {
  test("know the kind of each hook", () => {
    expectTypeOf<HooksOfKind<"first">>().toEqualTypeOf<"provision" | "locateArtifact">();
    expectTypeOf<HooksOfKind<"all">>().toEqualTypeOf<"readyCheck">();
    expectTypeOf<HooksOfKind<"waterfall">>().toEqualTypeOf<"ship" | "run">();
    expectTypeOf<HooksOfKind<"waterfallSync">>().toEqualTypeOf<"sanitize">();
    expectTypeOf<ReturnType<HookHandler<"run">>>().toEqualTypeOf<Job | Promise<Job>>();
    expectTypeOf<ReturnType<HookHandler<"sanitize">>>().toEqualTypeOf<string>();
  });

  test("refuse a wrong call or handler at compile time", () => {
    const driver = createHookDriver([]);
    const wrong = () => {
      // @ts-expect-error `ship` is a waterfall hook
      void driver.callFirst("ship", {} as Manifest, call);
      // @ts-expect-error `sanitize` is synchronous
      void driver.callWaterfall("sanitize", "text", call);
      // @ts-expect-error `run` is a waterfall hook
      void driver.callAll("run", {} as Job, call);
      // @ts-expect-error `sanitize` must not return a promise
      definePlugin({ name: "p", hooks: { sanitize: async (text: string) => text } });
      // @ts-expect-error `ship` must return a manifest
      definePlugin({ name: "p", hooks: { ship: () => 42 } });
      // @ts-expect-error there is no such hook
      definePlugin({ name: "p", hooks: { teardown: () => {} } });
      // @ts-expect-error the order is `pre` or `post`
      definePlugin({ name: "p", hooks: {}, order: { sanitize: "first" } });
    };
    expect(wrong).toBeTypeOf("function");
  });
});

describe("the hook driver", () => {
  test("passes each sanitize handler the text of the previous one, in order", () => {
    const driver = createHookDriver([
      definePlugin({ name: "late", hooks: { sanitize: (text) => `${text}3` }, order: { sanitize: "post" } }),
      definePlugin({ name: "normal", hooks: { sanitize: (text) => `${text}2` } }),
      definePlugin({ name: "early", hooks: { sanitize: (text) => `${text}1` }, order: { sanitize: "pre" } }),
    ]);
    expect(driver.callWaterfallSync("sanitize", "0")).toBe("0123");
  });

  test("stops calling a first hook at the first answer", async () => {
    let callCount = 0;
    const answering = definePlugin({
      name: "p",
      hooks: {
        locateArtifact: () => {
          callCount += 1;
          return [];
        },
      },
    });
    const driver = createHookDriver([answering, answering]);
    const input = { root: "/", files: [], logTail: "", read: async () => undefined, job: {} as never };
    expect(await driver.callFirst("locateArtifact", input, call)).toEqual([]);
    expect(callCount).toBe(1);
  });
});
