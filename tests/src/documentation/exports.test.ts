import { expect, test } from "vitest";
import { describe, type ExportedDeclaration, listEntryPoints, listExports } from "./exports.ts";

/** What users call or write first. Their docstrings have an example, which code-blocks.example-test.ts compiles. */
const needExamples = [
  ...["createUnitrain", "openRuns", "openMachine", "UnitrainOptions", "PlanOptions", "UnitrainError"],
  ...["defineProvider", "defineBorrowedProvider", "defineTransport", "defineFramework", "definePlugin"],
  ...["defineConfig", "UnitrainConfig", "main", "yolo", "YoloOptions"],
  ...["canopywave", "CanopyWaveOptions", "local", "LocalOptions", "sshMachine", "SshMachineOptions"],
  ...["ssh", "SshOptions", "posixTransport", "childExecutor"],
  ...["createRunView", "applyEvent", "createEventLines"],
  ...[
    "startEmulator",
    "EmulatorOptions",
    "memoryCloud",
    "memoryProvider",
    "memoryTransport",
    "memoryFramework",
  ],
];

const entryPoints = listEntryPoints();
const exported = new Map(
  entryPoints.flatMap(listExports).map((entry) => [`${entry.file}#${entry.name}`, entry]),
);

/** Returns what is missing in a docstring. */
function findFault({ name, file, docstring, thrownCodes }: ExportedDeclaration): string | undefined {
  if (!/^\/\*\*\s+(?:\* )?\S[\s\S]*?\.(?:\s|$)/.test(docstring))
    return `${file}: ${name} has no docstring with a sentence`;
  const code = thrownCodes.find((thrown) => !docstring.includes(thrown));
  if (code !== undefined) return `${file}: the docstring of ${name} does not name the code ${code}`;
  if (needExamples.includes(name) && !docstring.includes("@example"))
    return `${file}: ${name} has no @example`;
  return undefined;
}

test("every public export of every package has a docstring with its error codes, and the main ones an example", () => {
  expect(entryPoints.length).toBeGreaterThan(11);
  expect(exported.size).toBeGreaterThan(300);
  expect([...exported.values()].map(findFault).filter((fault) => fault !== undefined)).toEqual([]);
  const names = new Set([...exported.values()].map(({ name }) => name));
  expect(needExamples.filter((name) => !names.has(name))).toEqual([]);
});

test("a missing docstring, code or example is found", () => {
  const throwing = '{\n  throw new UnitrainError("CANCELLED", "x");\n}\n';
  const text = [
    "/** Documents a. */\nexport const a = 1;\n",
    "export const b = 2;\n",
    `/** Documents c. */\nexport function c() ${throwing}`,
    `/** Documents d. Throws CANCELLED. */\nexport function d() ${throwing}`,
    "/** Documents yolo. */\nexport function yolo() {\n}\n",
  ].join("\n");
  const faults = ["a", "b", "c", "d", "yolo"].map((name) => findFault(describe(name, "x.ts", text)));
  expect(faults).toEqual([
    undefined,
    "x.ts: b has no docstring with a sentence",
    "x.ts: the docstring of c does not name the code CANCELLED",
    undefined,
    "x.ts: yolo has no @example",
  ]);
});
