import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTemporaryFolder, tinyModel, write } from "../../test/drawn-set.ts";
import { isCompleteModel } from "./is-complete.ts";

const model = tinyModel;
const isComplete = (content: Uint8Array | string) =>
  isCompleteModel(write(join(createTemporaryFolder(), "x.pt"), content));

describe("a whole model", () => {
  it("is what torch wrote", async () => {
    expect(await isComplete(model)).toBe(true);
  });

  it("is not a piece of one, wherever it was cut", async () => {
    const file = join(createTemporaryFolder(), "x.pt");
    for (let length = 0; length < model.length; length += length < model.length - 100 ? 37 : 1) {
      expect(await isCompleteModel(write(file, model.subarray(0, length))), `${length} bytes`).toBe(false);
    }
  });

  it("has its beginning too", async () => {
    expect(await isComplete(model.subarray(100))).toBe(false);
    expect(await isComplete(Buffer.concat([Buffer.alloc(64), model]))).toBe(false);
  });

  it("is not any other zip, web page or empty file", async () => {
    const renamed = Buffer.from(model.toString("latin1").replaceAll("data.pkl", "date.pkl"), "latin1");
    expect(await isComplete(renamed)).toBe(false);
    expect(await isComplete("<!DOCTYPE html>")).toBe(false);
    expect(await isComplete("")).toBe(false);
  });

  it("must be there", async () => {
    const folder = createTemporaryFolder();
    expect(await isCompleteModel(join(folder, "gone.pt"))).toBe(false);
    expect(await isCompleteModel(folder)).toBe(false);
  });
});
