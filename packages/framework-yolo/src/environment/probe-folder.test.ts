import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { readPythonProgram } from "../python-program.ts";

const expected = JSON.stringify({ version: null, oldest: "8.0.140", gpu: false, devices: [] });
const argv = ["-c", readPythonProgram("probe.py"), expected];

describe("the temporary folder of a probe", () => {
  it("is removed when the probe fails, with those of probes that were killed long ago", () => {
    const folder = createTemporaryFolder();
    const stale = join(folder, "unitrain-probe-old");
    mkdirSync(stale);
    const yesterday = new Date(Date.now() - 86_400_000);
    utimesSync(stale, yesterday, yesterday);
    mkdirSync(join(folder, "somebody-elses"));
    const { status } = spawnSync("python3", ["-I", ...argv], { env: { ...process.env, TMPDIR: folder } });
    expect(status).toBe(1);
    expect(readdirSync(folder)).toEqual(["somebody-elses"]);
  });

  it("is removed when the probe is terminated", async () => {
    const folder = createTemporaryFolder();
    const modules = createTemporaryFolder();
    mkdirSync(join(modules, "ultralytics"));
    write(join(modules, "ultralytics/__init__.py"), "");
    const began = join(modules, "began");
    write(
      join(modules, "torch.py"),
      `import time; open(${JSON.stringify(began)}, "w").close(); time.sleep(60)`,
    );
    const probe = spawn("python3", argv, { env: { ...process.env, TMPDIR: folder, PYTHONPATH: modules } });
    await expect.poll(() => existsSync(began), { timeout: 20_000 }).toBe(true);
    expect(readdirSync(folder)).toHaveLength(1);
    probe.kill("SIGTERM");
    await once(probe, "exit");
    expect(readdirSync(folder)).toEqual([]);
  });
});
