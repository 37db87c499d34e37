import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTemporaryFolder, tinyModel, write } from "../../test/drawn-set.ts";
import { isCompleteModel } from "./is-complete.ts";

const model = tinyModel;
const isComplete = (content: Uint8Array | string) =>
  isCompleteModel(write(join(createTemporaryFolder(), "x.pt"), content));

describe("isCompleteModel", () => {
  it("accepts a file that torch wrote", async () => {
    expect(await isComplete(model)).toBe(true);
  });

  it("rejects a model truncated at any byte", async () => {
    const file = join(createTemporaryFolder(), "x.pt");
    for (let length = 0; length < model.length; length += length < model.length - 100 ? 37 : 1) {
      expect(await isCompleteModel(write(file, model.subarray(0, length))), `${length} bytes`).toBe(false);
    }
  });

  it("rejects a model whose beginning is missing or shifted", async () => {
    expect(await isComplete(model.subarray(100))).toBe(false);
    expect(await isComplete(Buffer.concat([Buffer.alloc(64), model]))).toBe(false);
  });

  it("rejects other zips, web pages and empty files", async () => {
    const renamed = Buffer.from(model.toString("latin1").replaceAll("data.pkl", "date.pkl"), "latin1");
    expect(await isComplete(renamed)).toBe(false);
    expect(await isComplete("<!DOCTYPE html>")).toBe(false);
    expect(await isComplete("")).toBe(false);
  });

  it("rejects a missing file and a folder", async () => {
    const folder = createTemporaryFolder();
    expect(await isCompleteModel(join(folder, "gone.pt"))).toBe(false);
    expect(await isCompleteModel(folder)).toBe(false);
  });
});
