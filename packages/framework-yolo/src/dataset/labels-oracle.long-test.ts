import { execFileSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { createPlainPng, createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { prepareOraclePython } from "../../test/oracle-python.ts";
import { testedVersion } from "../options/version.ts";
import type { KeyPoints } from "./key-points.ts";
import { readLabel } from "./label-lines.ts";
import type { LabelFault } from "./label-rules.ts";
import { normalizeLabel } from "./normalize-label.ts";
import type { RowTask } from "./row-shapes.ts";
import { Tally } from "./tally.ts";

/** Missing environments are installed, which takes gigabytes. */
const installTimeout = 15 * 60_000;

/** Asks Ultralytics itself how it reads each label: the classes that it keeps, or nothing when it drops the image. */
const oracleScript = `
import json, sys
from ultralytics.data.utils import verify_image_label
image, rules, labels = json.load(sys.stdin)
answers = []
for label in labels:
    found = verify_image_label((image, label, "", *rules))
    answers.append(None if found[8] else sorted(int(row[0]) for row in found[1]))
print("ANSWERS" + json.dumps(answers))
`;

const classes = 3;
const columns: Readonly<Record<RowTask, number>> = { detect: 5, segment: 9, pose: 11, obb: 9 };

/** Valid, nearly valid and invalid numbers. */
const place = fc.oneof(
  { weight: 40, arbitrary: fc.integer({ min: 0, max: 9999 }).map((value) => String(value / 10_000)) },
  { weight: 2, arbitrary: fc.constantFrom("0", "1", "1.0", "1e-1", ".5", "1.", "+0.5") },
  { weight: 2, arbitrary: fc.constantFrom("1.009", "1.01", "-0.005", "-0.01", "-0") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1.02", "-0.02", "640", "nan", "inf", "0x1", "a", "0,5", "--1", "1e400"),
  },
);
const id = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom("0", "1", "2", "0.0", "2.0") },
  { weight: 1, arbitrary: fc.constantFrom("3", "-1", "0.5", "x", "7", "1e0", "nan") },
);
const createRow = (count: number) =>
  fc
    .tuple(id, fc.array(place, { minLength: count - 1, maxLength: count - 1 }))
    .map(([first, rest]) => [first, ...rest].join(" "));
const label = (usual: number) =>
  fc
    .array(
      fc.oneof(
        { weight: 40, arbitrary: createRow(usual) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 14 }).chain(createRow) },
        { weight: 3, arbitrary: fc.constantFrom("", "  ", "0 0.5 0.5 0.2 0.2") },
      ),
      { maxLength: 4 },
    )
    .chain((rows) => fc.constantFrom(rows, [...rows, ...rows.slice(0, 1)]))
    .chain((rows) => fc.constantFrom("\n", "\r\n").map((end) => rows.join(end)))
    .chain((text) => fc.constantFrom("", "\uFEFF").map((mark) => mark + text));

const sets: readonly (readonly [RowTask, boolean, KeyPoints | undefined])[] = [
  ["detect", false, undefined],
  ["detect", true, undefined],
  ["detect", false, { points: 2, dimensions: 3, columns: 11 }],
  ["segment", false, undefined],
  ["obb", false, undefined],
  ["pose", false, { points: 2, dimensions: 3, columns: 11 }],
  ["pose", false, { points: 3, dimensions: 2, columns: 11 }],
];

/** Returns a few labels of each kind, our findings, and the result of the Ultralytics of a Python. */
function ask(python: string, [task, singleClass, keyPoints]: (typeof sets)[number], shipped: boolean) {
  const folder = createTemporaryFolder();
  const image = write(join(folder, "image.png"), createPlainPng());
  const rules = { task, classes, singleClass, keyPoints };
  const labels = fc.sample(label(columns[task]), { numRuns: 800, seed: 11 }).map((text) => {
    const tally = new Tally();
    const faults: LabelFault[] = [];
    const { isPlain, isMixed } = readLabel(text, rules, tally, (_, fault) => faults.push(fault));
    const errors = faults.filter(({ severity }) => severity === "error");
    const ids = [...tally.ids].flatMap(([classId, count]) => Array.from({ length: count }, () => classId));
    // A file that mixes boxes and outlines is never sent as it is: Ultralytics would drop or misread it.
    const isRewritten = (shipped || isMixed) && !isPlain && errors.length === 0;
    const sent = isRewritten ? normalizeLabel(text, rules, { isMixed }) : text;
    return { text, faults, errors, ids, sent };
  });
  const files = labels.map(({ sent }, index) => write(join(folder, `${index}.txt`), sent));
  const oracleArguments = [
    task === "pose",
    classes,
    keyPoints?.points ?? 0,
    keyPoints?.dimensions ?? 0,
    singleClass,
  ];
  const output = execFileSync(python, ["-c", oracleScript], {
    input: JSON.stringify([image, oracleArguments, files]),
    encoding: "utf8",
    env: { ...process.env, YOLO_CONFIG_DIR: folder, YOLO_OFFLINE: "true", YOLO_AUTOINSTALL: "false" },
  });
  const answers = JSON.parse(output.slice(output.indexOf("ANSWERS") + 7)) as (number[] | null)[];
  expect(answers.filter((answer) => answer === null).length).toBeGreaterThan(50);
  expect(answers.filter((answer) => (answer?.length ?? 0) > 0).length).toBeGreaterThan(200);
  return labels.map((label, index) => {
    const answer = answers[index] ?? null;
    return { ...label, answer, about: JSON.stringify({ text: label.text, faults: label.faults, answer }) };
  });
}

describe("labels, compared with the newest Ultralytics", () => {
  let newest = "";
  beforeAll(async () => {
    newest = await prepareOraclePython(testedVersion);
  }, installTimeout);

  it.each(sets)("%s, one class: %s, key points: %j", (...set) => {
    for (const { faults, errors, ids, answer, about } of ask(newest, set, false)) {
      // Every label that it drops is reported.
      if (answer === null) expect(errors, about).not.toEqual([]);
      // Every reported label is dropped or misread.
      else if (errors.length > 0)
        expect(
          errors.some((fault) => !isStricter(fault, set[0])),
          about,
        ).toBe(false);
      else {
        const twice = faults.filter(({ kind }) => kind === "objects twice").length;
        expect(ids.length - twice, about).toBe(answer.length);
        expect(new Set(ids), about).toEqual(new Set(answer));
      }
    }
  });
});

describe("shipped labels", () => {
  let older = "";
  beforeAll(async () => {
    older = await prepareOraclePython("8.3.100");
  }, installTimeout);

  it.each(sets)("are fully accepted by an older Ultralytics: %s, one class: %s, key points: %j", (...set) => {
    for (const { errors, ids, answer, about } of ask(older, set, true)) {
      if (errors.length > 0) continue;
      expect(answer, about).not.toBeNull();
      expect(new Set(set[1] ? ids.map(() => 0) : ids), about).toEqual(new Set(answer));
    }
  });
});

/** Cases in which Ultralytics accepts labels that are certainly not intended. */
function isStricter({ kind }: LabelFault, task: RowTask): boolean {
  // It fails for a dataset that has boxes, after the last image has been read.
  if (kind === "column counts") return task === "segment" || task === "obb";
  // It checks only the key points, and not their boxes.
  return (kind === "coordinates" || kind === "numbers") && task === "pose";
}
