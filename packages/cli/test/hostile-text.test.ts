import type { GcReport, Resource, RunSummary } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configText } from "../src/init/config-text.ts";
import { createCollector } from "./collected.ts";
import { createEnding, createEpochs, type EventScript, examplePlan } from "./event-script.ts";
import {
  createRentedBeginning,
  exampleOffers,
  listingProvider,
  rentedPlan,
  rentedReceipt,
} from "./rented.ts";
import { runCli } from "./run-cli.ts";
import type { Script } from "./script.ts";

/** Fields whose text comes from a machine, a provider, a dataset or a file. */
const foreignFields = new Set(
  "name job machine message detail hint path localPath summary evidence reason region hostname file kind connection basis id out label folder host".split(
    " ",
  ),
);

/** Replaces each foreign text of a script, except those by which the engine recognizes something. */
function withForeign<Value>(value: Value, text: string, field = ""): Value {
  if (typeof value === "string") return (foreignFields.has(field) ? text : value) as Value;
  if (Array.isArray(value)) return value.map((entry) => withForeign(entry, text, field)) as Value;
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      // Local data and providers of ours are found by these words.
      key === "provider" || key === "source" ? entry : withForeign(entry, text, key),
    ]),
  ) as Value;
}

const resource: Resource = { kind: "instance", name: "i-1", id: "i-1", onRelease: "delete" };
const summary: RunSummary = {
  id: examplePlan.runId,
  name: "n",
  state: "release-unconfirmed",
  phase: "teardown",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "m",
  provider: rentedPlan.provider,
  job: "j",
  metrics: {},
  unreleased: [resource],
  guardianProblem: "p",
  out: "o",
};
const gcReport: Partial<GcReport> = {
  runs: ["r"],
  released: [resource],
  unconfirmed: [{ runId: "r", resource, reason: "r" }],
  pending: [{ runId: "r", resource }],
  trainings: [{ runId: "r", name: "n", model: "lost", files: [], reason: "r" }],
};
const story: EventScript = [
  ...createRentedBeginning(0),
  [0, { type: "warning", phase: "train", message: "m", hint: "h" }],
  [0, { type: "connection", state: "lost", detail: "d" }],
  [0, { type: "connection", state: "back", detail: "d" }],
  ...createEpochs(1, 2, 2, 0, 1),
  ...createEnding(rentedReceipt),
];

/** The commands, each with what comes from elsewhere in it. */
const commands: Readonly<Record<string, (text: string) => Script>> = {
  "train ./shapes --yes": (text) => ({
    plan: withForeign(rentedPlan, text),
    eventScript: withForeign(story, text),
    error: new UnitrainError("LEASE_FAILED", text, { hint: text }),
  }),
  "plan ./shapes --verbose": (text) => ({ plan: withForeign(rentedPlan, text) }),
  "runs --all": (text) => ({ runs: [withForeign(summary, text)] }),
  gc: (text) => ({ runs: [withForeign(summary, text)], gc: withForeign(gcReport, text) }),
  "gc --untracked --on canopywave --dry-run": (text) => ({ untracked: [withForeign(resource, text)] }),
  offers: (text) => ({
    adapters: {
      provider: {
        ...listingProvider,
        offers: async () => exampleOffers.map((offer) => withForeign(offer, text)),
      },
    },
  }),
};

const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "\u001b",
        "\u001b[2J",
        "\u001b[1A",
        "\u009b31m",
        "\u001b]0;t\u0007",
        "\u001b]8;;http://x\u001b\\",
      ),
      fc.constantFrom(
        "\n+ released      costs nothing",
        "\r! ",
        "\u2028Done     ",
        "\nError  ",
        "\b",
        "\t",
        "\u0085",
      ),
      fc.constantFrom("\u202e", "\u200b", "\u{e0041}", "\ufe0f", "\u0301", "👩\u200d🚀", "x", " "),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => `ab${pieces.join("")}b`);

/** Control characters except line ends, and what turns or hides text. */
const control = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u{e0000}-\u{e007f}\p{Cs}]/u;
/** What our own styles, our redrawing and the library for it write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const ownSequences = /\u001b\[(?:\d{1,2}m|\d*[AGK]|2K|\?25[hl]|\?2026[hl])/g;

/** The beginnings of lines, as far as they tell what a line is. Of an error every line but the first is indented. */
function listBeginnings(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.slice(0, 2))
    .filter((beginning, index, all) => beginning !== "  " || all[index - 1] !== "  ");
}

describe("text from elsewhere", () => {
  it.each(Object.keys(commands))("in %s begins no line and controls nothing", async (line) => {
    const script = commands[line];
    if (script === undefined) throw new Error("no script");
    const harmless = await runCli(line, script("ab"));
    expect(harmless.stderr + harmless.out).toContain("ab");
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const hostile = await runCli(line, script(text));
        for (const stream of ["stderr", "out"] as const) {
          expect(hostile[stream]).not.toMatch(control);
          expect(listBeginnings(hostile[stream])).toEqual(listBeginnings(harmless[stream]));
        }
      }),
      { numRuns: 25 },
    );
  });

  it.each(Object.keys(commands).filter((line) => line !== "plan ./shapes --verbose"))(
    "in %s --json is escaped",
    async (line) => {
      const text = "a\u001b[2J\u009b31m\u202e\u2028\u200b\n+ released\u007f";
      const { out } = await runCli(`${line} --json`, commands[line]?.(text));
      expect(out).not.toMatch(control);
      expect(out).toContain("\\u001b[2J\\u009b31m\\u202e\\u2028\\u200b\\n+ released\\u007f");
    },
  );

  it("in a configuration that init writes is escaped", () => {
    const text = configText(
      { framework: undefined, data: "./a\u202e\u2028\n}); run();", train: {}, on: "local" },
      {},
    );
    expect(text).not.toMatch(control);
    expect(text).toContain('data: "./a\\u202e\\u2028\\n}); run();"');
  });

  it("on a screen that is redrawn controls nothing either", async () => {
    const screen = createCollector({ columns: 100 });
    const text = "a\u001b[2J\u001b[5;5H\u009b31m\u001b]52;c;cm0=\u0007\u202e\r\n+ released\u2028\bb";
    const eventScript = [
      ...withForeign(createRentedBeginning(30), text),
      ...withForeign(createEnding(rentedReceipt, 30), text),
    ];
    await runCli(
      "train ./shapes --yes",
      { plan: withForeign(rentedPlan, text), eventScript },
      { stderr: screen },
    );
    expect(screen.text()).toContain("\u001b[");
    expect(screen.text().replace(ownSequences, "").replaceAll("\r", "")).not.toMatch(control);
    expect(screen.text()).not.toMatch(/(?:^|\n)\+ released/);
  });
});
