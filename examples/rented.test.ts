import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startEmulator } from "@unitrain/cloud-emulator/canopywave";
import { expect, onTestFinished, test } from "vitest";
import { drawDataset } from "./demo/dataset.ts";

test("the example prices a run on a rented machine, and rents nothing before it is told to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain example "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await drawDataset(join(folder, "shapes"));
  const cloud = await startEmulator({ folder: join(folder, "cloud") });
  onTestFinished(() => cloud.close());
  const program = fileURLToPath(new URL("./rented.ts", import.meta.url));
  const env = {
    ...process.env,
    UNITRAIN_HOME: join(folder, "state"),
    ...cloud.variables,
  };
  const words = ["--conditions=@unitrain/source", program, "./shapes", "model=yolo11n.yaml", "epochs=50"];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder, env });
  expect(stdout).toMatch(/H100-1 in \S+.*likely/s);
  expect(stdout).toContain("heldBackSeconds: 180");
  expect(cloud.events().every(({ method }) => method === "GET")).toBe(true);
});
