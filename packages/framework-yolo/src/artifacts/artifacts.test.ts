import { matchesGlob } from "node:path";
import type { LocateInput, RemoteFile } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createQuietContext } from "../../test/drawn-set.ts";
import { createFacts, createJobInput } from "../../test/machine.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { createArtifactRules } from "./artifacts.ts";

const input = createJobInput(createFacts(0));
const { output, scratch } = input;
const file = (path: string, minute = 0, sizeBytes = 10): RemoteFile => ({
  path,
  sizeBytes,
  modifiedAt: `2026-11-24T10:${String(minute).padStart(2, "0")}:00.000Z`,
});

async function located(paths: readonly (string | RemoteFile)[], more: Partial<LocateInput> = {}) {
  const files = paths.map((path) => (typeof path === "string" ? file(path) : path));
  const locateInput = { root: output, job: input, files, logTail: "", read: async () => undefined, ...more };
  return (await createArtifactRules(checkOptions({})).locate(locateInput, createQuietContext()))?.map(
    ({ path }) => path,
  );
}

describe("the model", () => {
  it("is best.pt, then last.pt, then what was saved of an epoch", async () => {
    const weights = [`${output}/weights/epoch5.pt`, `${output}/weights/last.pt`, `${output}/weights/best.pt`];
    expect(await located(weights)).toEqual([...weights].reverse());
    expect(await located(weights.slice(0, 2))).toEqual(weights.slice(0, 2).reverse());
  });

  it("is the highest epoch when there is neither", async () => {
    const weights = [10, 9, 2].map((n) => `${output}/weights/epoch${n}.pt`);
    expect(await located([...weights].reverse())).toEqual(weights);
  });

  it("is not an empty file", async () => {
    expect(await located([file(`${output}/weights/best.pt`, 0, 0), `${output}/weights/last.pt`])).toEqual([
      `${output}/weights/last.pt`,
    ]);
  });

  it("is where the log says that results go", async () => {
    const paths = [`${scratch}/runs/detect/train-2/weights/best.pt`];
    const logTail = `Logging results to \u001b[1m${scratch}/runs/detect/train-2\u001b[0m\r\nStarting training`;
    expect(await located(paths, { logTail })).toEqual(paths);
  });

  it("is where args.yaml says that it was saved, or beside the newest args.yaml", async () => {
    const paths = [`${scratch}/a b/weights/last.pt`];
    const read = async (path: string) =>
      path === `${output}/args.yaml` ? `task: detect\nsave_dir: '${scratch}/a b'\n` : undefined;
    expect(await located(paths, { read })).toEqual(paths);
    const two = [
      file(`${scratch}/one/args.yaml`, 1),
      file(`${scratch}/two/args.yaml`, 2),
      `${scratch}/one/weights/best.pt`,
      `${scratch}/two/weights/best.pt`,
    ];
    expect(await located(two)).toEqual([`${scratch}/two/weights/best.pt`]);
  });

  it("is nowhere when there is none: then core searches", async () => {
    expect(await located([`${scratch}/yolo11n.pt`, `${output}/results.csv`])).toBeUndefined();
    expect(await located([])).toBeUndefined();
  });
});

describe("what a search finds", () => {
  const ranked = (options: YoloOptions, ...files: readonly RemoteFile[]) =>
    createArtifactRules(checkOptions(options))
      .rank(files)
      .map(({ path }) => path);

  it("is sorted: best, last, the highest epoch, the newest", () => {
    const sorted = [
      "/a/best.pt",
      "/a/last.pt",
      "/a/epoch10.pt",
      "/a/epoch9.pt",
      "/a/newer.pt",
      "/a/older.pth",
    ];
    const files = sorted.map((path) => file(path, path.includes("newer") ? 2 : 1));
    expect(ranked({}, ...files.toReversed())).toEqual(sorted);
  });

  it("takes the newer of two with one name", () => {
    expect(ranked({}, file("/a/best.pt", 1), file("/b/best.pt", 2))).toEqual(["/b/best.pt", "/a/best.pt"]);
  });

  it("has no weights in it that the training began with", () => {
    const begun = [
      "/scratch/yolo11n.pt",
      "/scratch/weights/yolo26n.pt",
      "/data/model/best.pt",
      "/data/pretrained/mine.pt",
    ].map((path) => file(path));
    expect(ranked({ model: "nets/best.pt", pretrained: "mine.pt" }, ...begun, file("/out/best.pt"))).toEqual([
      "/out/best.pt",
    ]);
    expect(ranked({}, ...begun.slice(0, 2))).toEqual([]);
  });
});

describe("the rest", () => {
  const rules = createArtifactRules(checkOptions({}));

  it("is five more places, all absolute, and none with a model of somebody else's run", () => {
    const places = rules.alternatives(input);
    expect(places).toHaveLength(5);
    expect(new Set(places).size).toBe(5);
    expect(places.every((place) => place.startsWith("/"))).toBe(true);
    expect(places).toContain("/home/user/runs/detect/out/weights");
  });

  it("is what core looks for, and a word for a person", () => {
    expect(rules.search).toEqual(["*.pt", "*.pth"]);
    expect(rules.extraFiles).toEqual(
      expect.arrayContaining(["results.csv", "args.yaml", "weights/last.pt", "*.png", "*.jpg"]),
    );
    expect(rules.hint).toMatch(/\.$/);
  });

  it("downloads what a tracker kept because it could not log in", () => {
    const kept = "wandb/offline-run-20261124_042935-a_b/run-a_b.wandb";
    expect(rules.extraFiles.some((pattern) => matchesGlob(kept, pattern))).toBe(true);
    expect(rules.extraFiles.some((pattern) => matchesGlob("wandb/debug.log", pattern))).toBe(false);
  });

  it.each(["segment", "pose", "obb", "classify"] as const)("is looked for below runs/%s too", (task) => {
    const places = createArtifactRules(checkOptions({ task })).alternatives(input);
    expect(places).toContain(`/home/user/runs/${task}/out/weights`);
  });
});
