import { expect, test } from "vitest";
import { type Provider, specVersion, UnitrainError } from "../spec/index.ts";
import type { MachineAssembly } from "./assembly.ts";
import { protectAdapter } from "./protect.ts";

class Counter {
  readonly specVersion = specVersion;
  readonly name = "counter";
  #count = 0;
  get diskBytes() {
    return this.#count;
  }
  describe() {
    this.#count += 1;
    return { job: `job ${this.#count}`, folder: "runs" };
  }
  job(): never {
    throw new UnitrainError("INVALID_OPTIONS", "No epochs.", { hint: "Set epochs." });
  }
}

test("a protected adapter is the adapter itself, also one that is frozen or an instance of a class", () => {
  const counter = protectAdapter(Object.freeze(new Counter()));
  const { describe } = counter;
  expect(describe().job).toBe("job 1");
  expect(counter.diskBytes).toBe(1);
  expect("fit" in counter).toBe(false);
  expect(protectAdapter(counter)).toBe(counter);
});

test("its own errors are kept, and say where they come from", () => {
  expect(() => protectAdapter(new Counter()).job()).toThrow(
    expect.objectContaining({ code: "INVALID_OPTIONS", hint: "Set epochs.", adapter: "counter.job" }),
  );
});

test("core cannot hold an adapter in another form", () => {
  const hold = (provider: Provider): Pick<MachineAssembly, "provider"> => {
    // @ts-expect-error A provider must be protected first.
    const assembly: Pick<MachineAssembly, "provider"> = { provider };
    return assembly;
  };
  expect(hold).toBeTypeOf("function");
});
