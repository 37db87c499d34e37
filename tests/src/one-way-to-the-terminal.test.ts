import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const folder = fileURLToPath(new URL("../../packages/cli/src/", import.meta.url));

/** These print nothing but our own text, and start before the rest of the program is loaded. */
const ownTextOnly = ["bin.ts", "commands/completion.ts", "main.ts", "program/process.ts"];

test("only the room `terminal` of cli writes to a terminal, so that no text from elsewhere can control it", () => {
  const found = findLines(
    /\b(?:stdout|stderr|output|stream)\.write\(|\bconsole\.|\bpainted\(/,
    (file) => !file.startsWith("terminal/") && !ownTextOnly.includes(file),
  );
  expect(found).toEqual([]);
});

test("questions are asked in one file, which makes the names in them harmless", () => {
  expect(findLines(/@clack\/prompts/, (file) => file !== "terminal/ask.ts")).toEqual([]);
});

function findLines(pattern: RegExp, isChecked: (file: string) => boolean): readonly string[] {
  return globSync("**/*.ts", { cwd: folder })
    .filter((file) => !file.endsWith("test.ts") && isChecked(file))
    .flatMap((file) =>
      readFileSync(join(folder, file), "utf8")
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
}
