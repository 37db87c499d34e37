import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { scratchFolders } from "../../test/scratch.ts";
import { main } from "../main.ts";

const scratch = scratchFolders();

/** A folder with a COCO dataset of five images. */
function cocoFolder(): string {
  const folder = scratch();
  const images = Array.from({ length: 5 }, (_, id) => ({
    id,
    file_name: `${id}.jpg`,
    width: 10,
    height: 10,
  }));
  const coco = {
    images,
    annotations: [{ id: 1, image_id: 1, category_id: 4, bbox: [0, 0, 5, 5], iscrowd: 0 }],
    categories: [{ id: 4, name: "cat" }],
  };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("coco/annotations.json", JSON.stringify(coco));
  for (const { file_name: name } of images) write(`coco/images/${name}`, `an image ${name}`);
  return folder;
}

async function runCli(line: string, folder: string) {
  const cli = createCollectingContext({}, { folder });
  const exitCode = await main(line.split(" "), cli.context);
  return { exitCode, stderr: cli.stderr.text() };
}

describe("init with a dataset in another format", () => {
  it("resolves the dataset relative to the working folder even if the configuration is written elsewhere", async () => {
    const folder = cocoFolder();
    expect((await runCli("init project --data coco --yes", folder)).exitCode).toBe(0);
    expect(existsSync(join(folder, "coco-yolo/data.yaml"))).toBe(true);
    const config = readFileSync(join(folder, "project/unitrain.config.ts"), "utf8");
    expect(config).toContain('data: "../coco-yolo"');
  });

  it("converts the dataset into a new folder with --yes, and configures that folder", async () => {
    const folder = cocoFolder();
    const before = readFileSync(join(folder, "coco/annotations.json"), "utf8");
    const { exitCode, stderr } = await runCli("init --data ./coco --yes", folder);
    expect(stderr).toContain("Converted coco into coco-yolo: 4 train + 1 val images, 1 class.");
    expect(stderr).toContain("one image in five is kept");
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, "unitrain.config.ts"), "utf8")).toContain('data: "./coco-yolo"');
    expect(readFileSync(join(folder, "coco-yolo/data.yaml"), "utf8")).toContain('0: "cat"');
    expect(readFileSync(join(folder, "coco/annotations.json"), "utf8")).toBe(before);
  });

  it("writes nothing without --yes if nobody can be asked, and prints the command to type", async () => {
    const folder = cocoFolder();
    const { exitCode, stderr } = await runCli("init --data ./coco", folder);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("coco is a COCO dataset. Convert it into coco-yolo?");
    expect(stderr).toContain("unitrain init --data coco --yes");
    expect(existsSync(join(folder, "coco-yolo"))).toBe(false);
    expect(existsSync(join(folder, "unitrain.config.ts"))).toBe(false);
  });
});
