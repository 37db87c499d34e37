import type { RunEvent, RunEventBody } from "@unitrain/core/spec";
import fc from "fast-check";
import { expect, it } from "vitest";
import { examplePlan, exampleReceipt, numbered } from "../test/events.ts";
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

const events = fc.array(body, { maxLength: 25 }).map(numbered);

function viewOf(all: readonly RunEvent[]): RunView {
  const view = createRunView();
  for (const event of all) applyEvent(view, event);
  return view;
}

function viewOfText(pieces: readonly string[]): RunView {
  const lines = createEventLines();
  return viewOf(pieces.flatMap((piece) => lines.push(piece)));
}

const linesOf = (all: readonly RunEvent[]) => all.map((event) => `${JSON.stringify(event)}\n`);

it("a view of a run is the same from memory and from disk, in whatever pieces it is read", () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat(400), { minLength: 1, maxLength: 60 }), (all, lengths) => {
      let rest = linesOf(all).join("");
      const pieces = lengths.map((length) => {
        const piece = rest.slice(0, length);
        rest = rest.slice(length);
        return piece;
      });
      // What memory has as NaN and Infinity, the disk has as null.
      const live = viewOf(all);
      expect(withoutEvents(viewOfText([...pieces, rest]))).toEqual(withoutEvents(live));
    }),
  );
});

it("lines that come again or are cut off change nothing, and neither does beginning again from any character on", () => {
  const faults = fc.array(fc.record({ line: fc.nat(), again: fc.nat(), length: fc.nat(80) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(events, faults, fc.nat(), (all, found, cutAt) => {
      const lines = linesOf(all);
      const damaged = lines.flatMap((line, index) => [
        ...found
          .filter((fault) => fault.line % lines.length === index)
          .flatMap((fault) => [
            // The same line comes whole behind what is cut off of it, and earlier ones come again.
            `${line.slice(0, fault.length)}\n`,
            lines[fault.again % (index + 1)] ?? "",
          ]),
        line,
      ]);
      const whole = lines.join("");
      const begunAgain = [whole.slice(0, cutAt % (whole.length + 1)), "\n", ...damaged];
      expect(viewOfText(begunAgain)).toEqual(viewOfText([whole]));
    }),
  );
});

it("no line of text makes a view fail", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.json(), fc.string())), body, fc.json(), (lines, fields, value) => {
      const own = Object.keys(fields).map((name) =>
        JSON.stringify({ seq: 0, at: "2026-11-24T00:16:00.000Z", ...fields, [name]: JSON.parse(value) }),
      );
      expect(() => viewOfText([...lines, ...own].map((line) => `${line}\n`))).not.toThrow();
    }),
  );
});

it("a line without an end is not kept beyond its bound, and the lines behind it are read", () => {
  const lines = createEventLines();
  const piece = "x".repeat(1024 * 1024);
  for (let count = 0; count < 80; count += 1) expect(lines.push(piece)).toEqual([]);
  const [event] = linesOf(numbered([{ type: "controller", state: "attached" }]));
  expect(lines.push(`x\n${event}`)).toHaveLength(1);
});

/** The last events as they came, which differ in NaN and null, are shown through what is read of them. */
function withoutEvents(view: RunView): unknown {
  return JSON.parse(JSON.stringify({ ...view, epochs: [...view.epochs], active: [...view.active] }));
}
