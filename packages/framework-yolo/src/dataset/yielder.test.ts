import { expect, test } from "vitest";
import { Yielder } from "./yielder.ts";

/** Blocks the process, as a slow file does that is read synchronously. */
function block(ms: number): void {
  const endMs = Date.now() + ms;
  while (Date.now() < endMs);
}

test("an abort is noticed after each slow file, however few files were read", async () => {
  const controller = new AbortController();
  const yielder = new Yielder(controller.signal);
  await yielder.image();
  setImmediate(() => controller.abort());
  block(20);
  await yielder.image();
  block(20);
  await expect(yielder.image()).rejects.toThrow("aborted");
});
