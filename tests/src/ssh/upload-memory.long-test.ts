import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { writeLargeSet } from "../../../packages/framework-yolo/test/large-set.ts";
import { testServer } from "./ssh-server.ts";

const images = Number(process.env.UNITRAIN_UPLOAD_IMAGES ?? 60_000);
/**
 * What an upload may take beyond the plan, off the heap too: 250 MB for a million images with labels. That is a part for
 * buffers and for what the garbage collector has not seen yet, and a part for each image. Measured were 50 MB with 20,000
 * images, 65 MB with 60,000 and 111 MB with a million.
 */
const mostBytes = 60_000_000 + 190 * images;

test(`uploading ${images} images with labels, out of order, needs little more memory than the plan`, {
  timeout: 3_600_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-upload-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = await testServer({ onEnd: onTestFinished });
  const sshConfigFile = join(folder, "ssh_config");
  await writeFile(sshConfigFile, "");
  const data = join(folder, "data");
  writeLargeSet(data, images);
  const input = {
    data,
    folder,
    machine: { host: "127.0.0.1", port: server.port, user: server.user },
    ssh: {
      identityFile: server.keyFile,
      knownHostsFile: server.knownHostsFile,
      sshConfigFile,
      workFolder: "~/work folder",
    },
    appends: true,
  };
  const program = fileURLToPath(new URL("./upload-client.ts", import.meta.url));
  const words = ["--conditions=@unitrain/source", program, JSON.stringify(input)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const found = JSON.parse(stdout) as {
    files: number;
    outcome: string;
    plannedBytes: number;
    uploadPeakBytes: number;
  };
  expect(found).toMatchObject({ files: 2 * images + 2, outcome: "completed" });
  expect(found.uploadPeakBytes - found.plannedBytes).toBeLessThan(mostBytes);
});
