import type { Action } from "@unitrain/core";
import { expect, it } from "vitest";
import { formatHint } from "./hint.ts";

it.each<[string | undefined, Action | undefined, string | undefined]>([
  ["Free some space.", undefined, "Free some space."],
  ["Stop it first.", { type: "stop", run: "swift-otter" }, "Stop it first: `unitrain stop swift-otter`."],
  ["Go on with it.", { type: "attach", run: "swift-otter" }, "Go on with it: `unitrain attach swift-otter`."],
  ["Name another one.", { type: "set", option: "out" }, "Name another one: `--out <folder>`."],
  [undefined, { type: "release" }, "`unitrain gc`"],
  [undefined, undefined, undefined],
])("formats %j with %j as %j", (hint, action, shown) => {
  expect(formatHint({ hint, action })).toBe(shown);
});
