import { describe, expect, it } from "vitest";
import { mistakes } from "./mistakes.ts";
import { renderDiagnostics } from "./render-diagnostics.ts";

const correctProgram = `import { defineProvider, definePlugin, type Quote } from "@unitrain/core/spec";
declare const quote: Quote;
export const provider = defineProvider({
  name: "desk", connectionKind: "ssh", ownership: "rented",
  quote: async ({ gpus = 1 }, { signal }) => ({ ...quote, gpus: signal.aborted ? 0 : gpus }),
  listPlannedResources: (leaseId) => [{ kind: "vm", name: leaseId, onRelease: "delete" }],
  lease: async (_quote, { record }) => record({ kind: "vm", name: "vm", onRelease: "delete" }),
  getMachineState: async () => ({ state: "unknown", detail: "" }),
  release: async (resources) => resources.map((resource) => ({ resource, goneAt: "", evidence: "" })),
});
export const plugin = definePlugin({
  name: "mine",
  hooks: {
    ship: (manifest) => ({
      async *entries() {
        for await (const files of manifest.entries()) yield files.filter(({ path }) => path.length < 100);
      },
    }),
    run: (job) => ({ ...job, env: { ...job.env, A: "1" } }),
    sanitize: (text) => text.trim(),
  },
  order: { sanitize: "pre" },
});`;

// One compilation for all, because reading the types takes most of its time.
const rendered = renderDiagnostics([...mistakes.map(({ code }) => code), correctProgram]);

describe("the compiler's message for a mistake", () => {
  it.each(mistakes.map((mistake, at) => ({ ...mistake, diagnostics: rendered[at] ?? [] })))(
    "$title: its first line, or what it underlines, names $names",
    ({ diagnostics, names, depth }) => {
      const [first] = diagnostics;
      expect(first, "it compiles").toBeDefined();
      expect(`${first?.firstLine}\n${first?.at}`).toContain(names);
      expect(first?.depth, first?.firstLine).toBe(depth);
    },
  );
});

it("a program without a mistake compiles", () => {
  expect(rendered.at(-1)).toEqual([]);
});
