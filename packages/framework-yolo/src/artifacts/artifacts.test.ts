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

describe("finding the model", () => {
  it("prefers best.pt, then last.pt, then the checkpoint of an epoch", async () => {
    const weights = [`${output}/weights/epoch5.pt`, `${output}/weights/last.pt`, `${output}/weights/best.pt`];
    expect(await located(weights)).toEqual([...weights].reverse());
    expect(await located(weights.slice(0, 2))).toEqual(weights.slice(0, 2).reverse());
  });

  it("takes the highest epoch when neither best.pt nor last.pt exists", async () => {
    const weights = [10, 9, 2].map((n) => `${output}/weights/epoch${n}.pt`);
    expect(await located([...weights].reverse())).toEqual(weights);
  });

  it("ignores empty files", async () => {
    expect(await located([file(`${output}/weights/best.pt`, 0, 0), `${output}/weights/last.pt`])).toEqual([
      `${output}/weights/last.pt`,
    ]);
  });

  it("follows the results folder named in the log", async () => {
    const paths = [`${scratch}/runs/detect/train-2/weights/best.pt`];
    const logTail = `Logging results to \u001b[1m${scratch}/runs/detect/train-2\u001b[0m\r\nStarting training`;
    expect(await located(paths, { logTail })).toEqual(paths);
  });

  it("follows save_dir in args.yaml, or looks beside the newest args.yaml", async () => {
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

  it("returns undefined when no model is found, so that core searches", async () => {
    expect(await located([`${scratch}/yolo11n.pt`, `${output}/results.csv`])).toBeUndefined();
    expect(await located([])).toBeUndefined();
  });
});

describe("ranking the files of a search", () => {
  const ranked = (options: YoloOptions, ...files: readonly RemoteFile[]) =>
    createArtifactRules(checkOptions(options))
      .rank(files)
      .map(({ path }) => path);

  it("sorts by best, last, highest epoch and newest file", () => {
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

  it("puts the newer of two files with the same name first", () => {
    expect(ranked({}, file("/a/best.pt", 1), file("/b/best.pt", 2))).toEqual(["/b/best.pt", "/a/best.pt"]);
  });

  it("leaves out the weights that the training started from", () => {
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

describe("the other artifact rules", () => {
  const rules = createArtifactRules(checkOptions({}));

  it("name five alternative folders with absolute paths, none of another run", () => {
    const places = rules.alternatives(input);
    expect(places).toHaveLength(5);
    expect(new Set(places).size).toBe(5);
    expect(places.every((place) => place.startsWith("/"))).toBe(true);
    expect(places).toContain("/home/user/runs/detect/out/weights");
  });

  it("contain search patterns, extra files and a hint", () => {
    expect(rules.search).toEqual(["*.pt", "*.pth"]);
    expect(rules.extraFiles).toEqual(
      expect.arrayContaining(["results.csv", "args.yaml", "weights/last.pt", "*.png", "*.jpg"]),
    );
    expect(rules.hint).toMatch(/\.$/);
  });

  it("download the offline files of a tracker that could not log in", () => {
    const kept = "wandb/offline-run-20261124_042935-a_b/run-a_b.wandb";
    expect(rules.extraFiles.some((pattern) => matchesGlob(kept, pattern))).toBe(true);
    expect(rules.extraFiles.some((pattern) => matchesGlob("wandb/debug.log", pattern))).toBe(false);
  });

  it.each(["segment", "pose", "obb", "classify"] as const)("include runs/%s in the alternatives", (task) => {
    const places = createArtifactRules(checkOptions({ task })).alternatives(input);
    expect(places).toContain(`/home/user/runs/${task}/out/weights`);
  });
});
