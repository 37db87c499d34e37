import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { scratchFolders } from "../../test/scratch.ts";
import { main } from "../main.ts";

const scratch = scratchFolders();

async function runCli(line: string, files: Readonly<Record<string, string>> = {}) {
  const folder = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const cli = createCollectingContext({}, { folder });
  const exitCode = await main(line.split(" "), cli.context);
  const written = (path = "unitrain.config.ts") => readFileSync(join(folder, path), "utf8");
  return { exitCode, out: cli.stdout.text(), stderr: cli.stderr.text(), written };
}

const yaml = "train: images/train\nval: images/val\nnames: [a, b]\n";

describe("init", () => {
  it("writes what it finds and lists the next steps without a terminal", async () => {
    const { exitCode, out, stderr, written } = await runCli("init", {
      "sets/pallets/data.yaml": yaml,
      "old/best.pt": "x",
    });
    expect(exitCode).toBe(0);
    expect(out).toBe("unitrain.config.ts\n");
    expect(written()).toContain('\n  data: "./sets/pallets",\n');
    expect(written()).toContain('\n    model: "./old/best.pt",\n');
    expect(stderr).toContain("Wrote: data ./sets/pallets, model ./old/best.pt, epochs 50, on local.\n");
    expect(stderr).toMatch(/Next:\n {2}unitrain plan .*\n {2}unitrain train /);
  });

  it("uses the values of its flags", async () => {
    const { written, stderr } = await runCli(
      "init --yes --data ./pallets --model yolo11s.pt --epochs 7 --on gpu-box",
    );
    for (const part of ['data: "./pallets"', 'model: "yolo11s.pt"', "epochs: 7", 'on: "gpu-box"'])
      expect(written()).toContain(part);
    expect(stderr).toContain("unitrain doctor");
  });

  it.each([
    ["a pose set", { "hands/data.yaml": `${yaml}kpt_shape: [21, 3]\n` }, '"./hands"', "yolo11n-pose.pt"],
    ["a set named by its file", { "my-set.yaml": yaml }, '"./my-set.yaml"', "yolo11n.pt"],
    [
      "folders of classes",
      { "pets/train/cat/1.jpg": "", "pets/train/dog/1.jpg": "", "pets/val/cat/2.jpg": "" },
      '"./pets"',
      "yolo11n-cls.pt",
    ],
  ])("recognizes %s", async (_what, files, data, model) => {
    const { written } = await runCli("init", files);
    expect(written()).toContain(`data: ${data}`);
    expect(written()).toContain(`model: "${model}"`);
  });

  it("writes a placeholder if there is no dataset", async () => {
    const { written, stderr } = await runCli("init", {
      "compose.yaml": "services: {}\n",
      "node_modules/x/data.yaml": yaml,
    });
    expect(written()).toContain("// name yours");
    expect(stderr).toContain("no dataset was found");
  });

  it("writes no secret into the configuration", async () => {
    const { exitCode, stderr, written } = await runCli("init --yes --on ssh://ubuntu:hunter2x@gpu-box");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('on: "ssh://ubuntu:[redacted]@gpu-box"');
    expect(stderr).not.toContain("hunter2x");
    expect(written).toThrow("ENOENT");
  });

  it("overwrites an existing configuration only with --force", async () => {
    const existing = { "unitrain.config.mjs": "export default {}", "unitrain.config.ts": "mine" };
    const refused = await runCli("init", existing);
    expect(refused.exitCode).toBe(2);
    expect(refused.written()).toBe("mine");
    expect((await runCli("init", { "unitrain.config.mjs": "" })).exitCode).toBe(2);
    expect((await runCli("init --force", existing)).written()).toContain("defineConfig");
  });

  it("can write into another folder", async () => {
    const { out, stderr, written } = await runCli("init project");
    expect(out).toBe("project/unitrain.config.ts\n");
    expect(written("project/unitrain.config.ts")).toContain("defineConfig");
    expect(stderr).toContain("cd project");
  });
});
