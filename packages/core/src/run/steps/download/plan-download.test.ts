import { describe, expect, it } from "vitest";
import type { RemoteFile } from "../../../spec/index.ts";
import { bounded } from "../locate.ts";
import { createNameKey, findNameFault, getPathBelowOutput, shownName, toStorableName } from "./local-name.ts";
import { describeNotDownloaded, planDownload } from "./plan-download.ts";

const output = "/home/user/.unitrain/1/runs/r/attempt-1/out";
const job = { output, scratch: "/home/user/.unitrain/1/runs/r/attempt-1/scratch" };
const rules = { extraFiles: ["results.csv", "weights/last.pt"], search: ["*.pt"] };
const file = (path: string, sizeBytes = 10, minute = 0): RemoteFile => ({
  path: `${output}/${path}`,
  sizeBytes,
  modifiedAt: `2026-11-24T10:${String(minute).padStart(2, "0")}:00.000Z`,
});
const plan = (files: readonly RemoteFile[], mostBytes = 1e9, models: readonly RemoteFile[] = []) =>
  planDownload({ job, rules, models, files, mostBytes, bound: "--max-output 1.0 GB" });

describe("what is downloaded", () => {
  it("comes in order of importance", () => {
    const best = file("weights/best.pt", 5e6);
    const files = [
      file("weights/epoch10.pt", 5e6, 1),
      file("labels/a.txt", 10, 2),
      file("weights/epoch20.pt", 5e6, 2),
      file("weights/last.pt", 5e6),
      best,
      file("labels/b.txt", 10, 3),
      file("results.csv"),
    ];
    const { models, others, notDownloaded } = plan(files, 1e9, [best]);
    expect(models.map(({ path }) => path)).toEqual(["weights/best.pt"]);
    expect(others.map(({ path }) => path)).toEqual([
      "results.csv",
      "weights/last.pt",
      "labels/b.txt",
      "labels/a.txt",
      "weights/epoch20.pt",
      "weights/epoch10.pt",
    ]);
    expect(others.filter(({ isCheckpoint }) => isCheckpoint)).toHaveLength(3);
    expect(notDownloaded).toEqual([]);
  });

  it("fills the limit with files that fit and gives the reason for the others", () => {
    const files = [
      file("weights/epoch1.pt", 6e6, 1),
      file("weights/epoch2.pt", 6e6, 2),
      file("weights/epoch0.pt", 3e6),
    ];
    const { others, notDownloaded } = plan(files, 10e6);
    expect(others.map(({ path }) => path)).toEqual(["weights/epoch2.pt", "weights/epoch0.pt"]);
    expect(notDownloaded).toEqual([
      {
        path: `${output}/weights/epoch1.pt`,
        sizeBytes: 6e6,
        reason: "it does not fit into --max-output 1.0 GB",
      },
    ]);
    expect(describeNotDownloaded(notDownloaded, undefined)).toBe("1 file (6 MB): epoch1.pt.");
  });

  it("puts files from the scratch folder into working-folder", () => {
    const writtenFile = { ...file("x"), path: `${job.scratch}/predictions/a.json` };
    expect(plan([writtenFile]).others.map(({ path }) => path)).toEqual(["working-folder/predictions/a.json"]);
  });

  it("keeps the paths of the scratch folder, also that of a model, if the framework wants it", () => {
    const written = { ...file("x"), path: `${job.scratch}/out/a.json` };
    const model = { ...file("y"), path: `${job.scratch}/out/model.pt` };
    const { models, others } = planDownload({
      job,
      rules: { ...rules, keepsPaths: true },
      models: [model],
      files: [written, model],
      mostBytes: 1e9,
      bound: "--max-output 1.0 GB",
    });
    expect(models.map(({ path }) => path)).toEqual(["out/model.pt"]);
    expect(others.map(({ path }) => path)).toEqual(["out/a.json"]);
  });

  it("includes the model whatever the limit", () => {
    const best = file("weights/best.pt", 5e9);
    expect(plan([best], 0, [best]).models).toHaveLength(1);
  });

  it("names the largest and the newest file of many", () => {
    const notDownloaded = Array.from({ length: 20 }, (_, at) => ({
      path: `/o/${at}`,
      sizeBytes: at * 1e6,
      reason: "",
    }));
    expect(describeNotDownloaded(notDownloaded, "/o/3")).toMatch(
      /^20 files \(190 MB\): .* and 12 more\. The largest is \/o\/19/,
    );
    expect(describeNotDownloaded(notDownloaded, "/o/3")).toContain("the newest /o/3");
  });
});

describe("names", () => {
  const unstorable = [
    "new\nline",
    "escape \u001b[31m",
    "\u202egnp.exe",
    "bidi\u2066",
    "line\u2028separator",
    "c1 \u009b",
    "zero\u200bwidth",
    "tag\u{e0041}",
    "../up",
    "a/../../b",
    "",
    "/absolute",
    "a//b",
    "x".repeat(5_000),
    `${"d/".repeat(2_500)}x`,
    "lone \ud800",
  ];
  it.each(unstorable.map((path) => [JSON.stringify(path).slice(0, 30), path]))(
    "that cannot be stored are skipped: %s",
    (_shown, path = "") => {
      expect(findNameFault(path)).toBeDefined();
      const { others, notDownloaded } = plan([
        { ...file("x"), path: `${output}/${path}` },
        file("results.csv"),
      ]);
      expect(others.map((planned) => planned.path)).toEqual(["results.csv"]);
      expect(notDownloaded).toHaveLength(1);
    },
  );

  it.each(["con", "NUL.txt", "com1.log", "a:b", "what?", "end.", "end ", "back\\slash"])(
    "that Windows cannot store are skipped on Windows: %j",
    (path) => {
      expect(findNameFault(path, "win32")).toBeDefined();
      expect(findNameFault(path, "linux")).toBeUndefined();
    },
  );

  it("that mean the same file on this computer are downloaded once", () => {
    expect(createNameKey("Labels/É.txt", "darwin")).toBe(createNameKey("labels/E\u0301.txt", "darwin"));
    expect(createNameKey("A", "linux")).not.toBe(createNameKey("a", "linux"));
    const twice = [file("results.csv"), file("results.csv")];
    expect(plan(twice).others).toHaveLength(2);
  });

  it("of a model are changed so that they can be stored", () => {
    const odd = file("weights/be\nst\u202e.pt");
    const [model] = plan([odd], 1e9, [odd]).models;
    expect(model?.path).toBe("weights/be st.pt");
    for (const path of ["../../x.pt", "/x.pt", "..", `${"y".repeat(5_000)}.pt`, "a\0b"])
      expect(findNameFault(toStorableName(path)), path).toBeUndefined();
    expect(getPathBelowOutput(job, { path: "/elsewhere/x.pt", sizeBytes: 1, modifiedAt: "" })).toBe("x.pt");
  });

  it("of emoji and of scripts that need joiners are kept", () => {
    for (const path of ["👩\u200d🚀/❤\ufe0f.png", "می\u200cخواهم.txt"])
      expect(findNameFault(path)).toBeUndefined();
  });

  it("are shown without control characters", () => {
    expect(shownName("a\u001b]0;x\u0007\nb\u202e")).toBe("a b");
    expect(shownName("x".repeat(5_000))).toHaveLength(200);
  });
});

describe("a list of files", () => {
  async function* endless() {
    for (let at = 0; ; at += 1) yield file(`${at}`);
  }

  it("that never ends is cut off at the limits", async () => {
    expect(await bounded(endless(), { files: 100, nameBytes: 1e6 })).toMatchObject({ isComplete: false });
    const { files } = await bounded(endless(), { files: 1e6, nameBytes: 5_000 });
    expect(files.length).toBeLessThan(120);
  });
});
