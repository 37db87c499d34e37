import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { script } from "../script.ts";

const job = { output: "/m/output", scratch: "/m/scratch" };
const file = (path: string, minute = 1, sizeBytes = 5) => ({
  path,
  sizeBytes,
  modifiedAt: minute === 0 ? "2000-01-01T00:00:00.000Z" : `2026-01-01T00:0${minute}:00.000Z`,
});
const files = [
  file("/m/scratch/out/old.pt", 1),
  file("/m/scratch/out/new.pt", 2),
  file("/m/scratch/out/empty.pt", 3, 0),
  file("/m/scratch/out/pretrained.pt", 0),
  file("/m/output/other.pt", 4),
];
const locate = async (options: object) => {
  const { artifacts } = script({ command: "python train.py", ...options });
  const found = await artifacts.locate({ root: "/m/output", job, files, logTail: "" } as never, {} as never);
  return found?.map(({ path }) => path);
};

describe("the model", () => {
  it("is the last file that matches, and was neither uploaded nor is empty", async () => {
    expect(await locate({ artifact: "out/*.pt" })).toEqual([
      "/m/scratch/out/new.pt",
      "/m/scratch/out/old.pt",
    ]);
    expect(await locate({ artifact: "./out" })).toEqual(["/m/scratch/out/new.pt", "/m/scratch/out/old.pt"]);
    expect(await locate({ artifact: "{output}/*.pt" })).toEqual(["/m/output/other.pt"]);
  });

  it("is the best one, if that is named", async () => {
    const best = "out/old.pt";
    expect((await locate({ artifact: "out/*.pt", best }))?.[0]).toBe("/m/scratch/out/old.pt");
  });

  it("is in the output folder, if nothing is named", async () => {
    expect(await locate({})).toEqual(["/m/output/other.pt"]);
  });

  it("is not there: the files that were written instead are listed", () => {
    const { artifacts } = script({ command: "python train.py", artifact: "models/*.pt" });
    const explanation = artifacts.explainMissing?.({ job, files } as never);
    expect(explanation?.message).toContain("no file that matches models/*.pt. It wrote:\n  out/old.pt (5 B)");
    expect(explanation?.message).not.toContain("pretrained");
  });

  it.each([
    ["model.pt", Buffer.from("PK\u0003\u0004 without its end"), false],
    ["model.pt", Buffer.concat([Buffer.from("PK\u0003\u0004PK\u0005\u0006"), Buffer.alloc(18)]), true],
    ["model.pkl", Buffer.from([0x80, 4, 0x2e]), true],
    ["model.pkl", Buffer.from([0x80, 4, 0x2f]), false],
    ["model.safetensors", Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from("{}")]), true],
    ["model.safetensors", Buffer.from([200, 0, 0, 0, 0, 0, 0, 0, 1]), false],
    ["model.txt", Buffer.from("x"), true],
    ["model.txt", Buffer.alloc(0), false],
  ])("%s is complete or not by its format: %#", async (name, bytes, complete) => {
    const folder = await mkdtemp(join(tmpdir(), "unitrain-model-"));
    await writeFile(join(folder, name), bytes);
    const { artifacts } = script({ command: "python train.py" });
    expect(await artifacts.isComplete(join(folder, name))).toBe(complete);
    await rm(folder, { recursive: true });
  });
});
