import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * A spread in a call puts every element onto the stack: with some 125,000 of them the call fails ("Maximum call stack size
 * exceeded"). Lists of images, labels, rows and files are larger than that.
 */
const spread =
  /\b(?:push|unshift|splice|concat|max|min|hypot|fromCharCode|fromCodePoint)\(\s*(?:[^(){}[\]]*,\s*)?\.\.\.|\.apply\(/g;

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** Files that spread only lists with a small limit, whatever the size of a dataset, log or listing. */
const bounded: Readonly<Record<string, string>> = {
  "cli/src/commands/doctor.ts": "the looks of doctor",
  "cli/src/commands/init.ts": "the next steps",
  "cli/src/settings/help/help-text.ts": "commands and flags",
  "cli/src/terminal/render/live-block.ts": "lines of one screen",
  "cli/src/terminal/render/rented-summary.ts": "resources of one machine",
  "cli/src/terminal/render/table.ts": "cells of a table that is printed",
  "cli/src/terminal/render/detach-notice.ts": "commands to type",
  "cli/src/terminal/screen/live-screen.ts": "lines that are said at once",
  "core/src/adapters/protect.ts": "arguments of one call",
  "core/src/http/api/choose-machine.ts": "offers of one provider",
  "core/src/machines/open-machine.ts": "offers of one provider, in an example",
  "core/src/money/cost.ts": "resources of one run",
  "core/src/plan/plan-secrets.ts": "findings of one part",
  "core/src/run/steps/download/limits.ts": "folders of the results",
  "core/src/run/steps/teardown.ts": "resources of one machine",
  "core/src/sanitize/shapes/headers.ts": "the two ends of a header",
  "core/src/state/read-ledger.ts": "resources of one ledger entry",
  "framework-yolo/src/convert/voc.ts": "the four sides of a box",
  "framework-yolo/src/environment/torch-build.ts": "GPUs of one machine",
  "framework-yolo/src/fit/gpu-memory.ts": "GPUs of one machine",
  "framework-yolo/src/job/workers.ts": "the two sides of imgsz",
  "provider-canopywave/src/choose/candidates.ts": "offers of one provider",
  "provider-canopywave/src/choose/flavor.ts": "prices of one offer",
  "provider-runpod/src/quote.ts": "limits of one quote",
  "transport-posix/src/job/watch-queue.ts": "launchers of one transport",
  "transport-ssh/src/target/config-text.ts": "jumps to one host",
  "transport-ssh/src/target/route.ts": "jumps to one host",
  "transport-ssh/src/target/includes.ts": "lines of an ssh configuration",
};

test("no call spreads a list whose length depends on the dataset", () => {
  const files = globSync("*/src/**/*.ts", { cwd: packages }).filter(
    (file) => !/test\.ts$|^(?:conformance|cloud-emulator)\//.test(file),
  );
  expect(files.length).toBeGreaterThan(300);
  const found = files.flatMap((file) => {
    const matches = readFileSync(`${packages}${file}`, "utf8").match(spread) ?? [];
    return file in bounded ? [] : matches.map((match) => `${file}: ${match}`);
  });
  expect(found, "Write a loop, or name the file's bound in this test.").toEqual([]);
});

test.each([
  "list.push(...images)",
  "Math.max(0, ...sizes)",
  "String.fromCharCode(...bytes)",
  "f.apply(null, x)",
])("the check finds %s", (code) => {
  expect(code.match(spread)).not.toBeNull();
});

test.each(["list.push({ ...image, size })", "call(...three)", "[...images]"])(
  "the check accepts %s",
  (code) => {
    expect(code.match(spread)).toBeNull();
  },
);
