import { expect, test } from "vitest";
import { describeDriverProcess } from "./driver-name.ts";

test.each([
  [4711, false, "process 4711"],
  [0, false, "another process"],
  [undefined, false, "another process"],
  [4711, true, "the guardian (process 4711)"],
  [0, true, "the guardian"],
])("describes the driver with the process id %s", (pid, isGuardian, text) => {
  expect(describeDriverProcess(pid, isGuardian)).toBe(text);
});
