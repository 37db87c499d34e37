import type { RunEvent, RunEventBody } from "@unitrain/core/spec";
import fc from "fast-check";
import { expect, it } from "vitest";
import { examplePlan, exampleReceipt, numberEvents } from "../test/events.ts";
import { applyEvent } from "./apply-event.ts";
import { createEventLines } from "./event-lines.ts";
import { createRunView, type RunView } from "./run-view.ts";

const phase = fc.constantFrom("lease", "ship", "environment", "train", "download");
const text = fc.constantFrom("booting", "é…", 'a "quoted" line', "two\nlines", "");
const metric = fc.constantFrom(0, 0.5, 12, Number.NaN, Number.POSITIVE_INFINITY);

const body = fc.oneof(
  fc.constant({ type: "planned", plan: examplePlan }),
  fc.record({ type: fc.constant("phase"), phase, state: fc.constant("started") }),
  fc.record({
    type: fc.constant("phase"),
    phase,
    state: fc.constantFrom("ended", "failed"),
    seconds: fc.nat(100),
  }),
  fc.record({ type: fc.constant("status"), phase, message: text }),
  fc.record({ type: fc.constant("warning"), phase, message: text }),
  fc.record({ type: fc.constant("guardian"), state: fc.constantFrom("armed", "missing"), detail: text }),
  fc.constant({ type: "billing", state: "started", since: "2026-11-24T00:16:05.000Z" }),
  fc.record({ type: fc.constant("log"), text, localBytes: fc.nat() }),
  fc.record({
    type: fc.constant("progress"),
    unit: fc.constant("epoch"),
    done: fc.integer({ min: 1, max: 5 }),
    complete: fc.boolean(),
    metrics: fc.dictionary(fc.constantFrom("box_loss", "mAP50", "__proto__"), metric),
  }),
  fc.record({
    type: fc.constant("job"),
    jobId: fc.constant("job"),
    state: fc.constantFrom("started", "stopping"),
  }),
  fc.record({ type: fc.constant("controller"), state: fc.constantFrom("attached", "detached") }),
  fc.record({ type: fc.constant("attempt"), number: fc.integer({ min: 2, max: 4 }), reason: text }),
  fc.record({ type: fc.constant("connection"), state: fc.constantFrom("lost", "back"), detail: text }),
  fc.record({
    type: fc.constant("artifact"),
    path: fc.constantFrom("best.pt", "results.csv"),
    localPath: text,
    sizeBytes: fc.nat(),
    sha256: fc.constant("ab"),
    role: fc.constantFrom("model", "extra"),
  }),
  fc.constant({ type: "finished", outcome: "completed", receipt: exampleReceipt }),
) as fc.Arbitrary<RunEventBody>;

const events = fc.array(body, { maxLength: 25 }).map(numberEvents);

function applyAll(all: readonly RunEvent[]): RunView {
  const view = createRunView();
  for (const event of all) applyEvent(view, event);
  return view;
}

function replayText(pieces: readonly string[]): RunView {
  const lines = createEventLines();
  return applyAll(pieces.flatMap((piece) => lines.push(piece)));
}

const serializeEvents = (all: readonly RunEvent[]) => all.map((event) => `${JSON.stringify(event)}\n`);

it("builds the same view from memory and from disk, whatever the sizes of the chunks", () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat(400), { minLength: 1, maxLength: 60 }), (all, lengths) => {
      let rest = serializeEvents(all).join("");
      const pieces = lengths.map((length) => {
        const piece = rest.slice(0, length);
        rest = rest.slice(length);
        return piece;
      });
      // NaN and Infinity in memory are null on disk.
      const live = applyAll(all);
      expect(withoutEvents(replayText([...pieces, rest]))).toEqual(withoutEvents(live));
    }),
  );
});

it("ignores repeated and truncated lines, and a restart from any character", () => {
  const faults = fc.array(fc.record({ line: fc.nat(), again: fc.nat(), length: fc.nat(80) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(events, faults, fc.nat(), (all, found, cutAt) => {
      const lines = serializeEvents(all);
      const damaged = lines.flatMap((line, index) => [
        ...found
          .filter((fault) => fault.line % lines.length === index)
          .flatMap((fault) => [
            // A truncated line is followed by an earlier line and by the complete line.
            `${line.slice(0, fault.length)}\n`,
            lines[fault.again % (index + 1)] ?? "",
          ]),
        line,
      ]);
      const whole = lines.join("");
      const begunAgain = [whole.slice(0, cutAt % (whole.length + 1)), "\n", ...damaged];
      expect(replayText(begunAgain)).toEqual(replayText([whole]));
    }),
  );
});

it("accepts any line of text without failing", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), fc.string())), body, fc.json(), (lines, fields, value) => {
      const own = Object.keys(fields).map((name) =>
        JSON.stringify({ seq: 0, at: "2026-11-24T00:16:00.000Z", ...fields, [name]: JSON.parse(value) }),
      );
      expect(() => replayText([...lines, ...own].map((line) => `${line}\n`))).not.toThrow();
    }),
  );
});

it("drops an endless line beyond the limit, and reads the lines after it", () => {
  const lines = createEventLines();
  const piece = "x".repeat(1024 * 1024);
  for (let count = 0; count < 80; count += 1) expect(lines.push(piece)).toEqual([]);
  const [event] = serializeEvents(numberEvents([{ type: "controller", state: "attached" }]));
  expect(lines.push(`x\n${event}`)).toHaveLength(1);
});

/** Returns the view as JSON, in which NaN and null are the same. */
function withoutEvents(view: RunView): unknown {
  return JSON.parse(JSON.stringify({ ...view, epochs: [...view.epochs], active: [...view.active] }));
}
