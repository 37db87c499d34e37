import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { testServer } from "../packages/transport-ssh/test/test-server.ts";
import { drawDataset } from "./demo/dataset.ts";

const program = fileURLToPath(new URL("./by-ssh.ts", import.meta.url));
const quick =
  "model=yolo11n.yaml epochs=1 imgsz=32 batch=32 device=cpu workers=0 plots=False amp=False mosaic=0 close_mosaic=0";

test("the example trains on a machine behind an alias, leaves it, and comes back for the model", {
  timeout: 300_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain example "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await drawDataset(join(folder, "shapes"));
  const server = await testServer({ onEnd: onTestFinished });
  // The machine has installed Ultralytics already, as this computer has.
  await mkdir(join(homedir(), ".cache"), { recursive: true });
  await symlink(join(homedir(), ".cache"), join(server.home, ".cache"));
  await mkdir(join(folder, ".ssh"), { mode: 0o700 });
  await writeFile(
    join(folder, ".ssh", "config"),
    `Host gpu-box\n  HostName 127.0.0.1\n  Port ${server.port}\n  User ${server.user}\n  IdentityFile ${server.keyFile}\n  UserKnownHostsFile ${server.knownHostsFile}\n`,
  );
  const { SSH_AUTH_SOCK: _agent, ...environment } = process.env;
  const env = { ...environment, HOME: folder, UNITRAIN_HOME: join(folder, "state") };
  const words = ["--conditions=@unitrain/source", program, "gpu-box", "./shapes", ...quick.split(" ")];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder, env });
  const model = stdout.trim().replace("completed ", "");
  expect((await stat(model)).size).toBeGreaterThan(1_000_000);
});
