import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { type TestServer, testServer } from "../test/test-server.ts";

/**
 * The memory that shipping may need in addition to the loaded program. That has about 85 MB when installed, and 30 MB more here, where node reads TypeScript:
 * 170 to 190 MB in all were measured as installed, for both.
 */
const maxBytes = 130_000_000;

/** Ships from a separate process and returns its peak memory. */
async function shippedFrom(server: TestServer, data: string) {
  const sshConfigFile = join(server.root, "ssh_config");
  await writeFile(sshConfigFile, "");
  const input = {
    data,
    digest: randomBytes(16).toString("hex"),
    folder: join(server.root, "lease"),
    machine: server.machine,
    target: join(server.home, "work/runs/1/data"),
    options: {
      identityFile: server.keyFile,
      knownHostsFile: server.knownHostsFile,
      sshConfigFile,
      workFolder: join(server.home, "work"),
    },
  };
  const program = fileURLToPath(new URL("../test/ship-client.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=@unitrain/source",
    program,
    JSON.stringify(input),
  ]);
  return JSON.parse(stdout) as { sentBytes: number; seconds: number; loadedBytes: number; peakBytes: number };
}

test("uploading one file of 2 GB needs constant memory", { timeout: 600_000 }, async () => {
  const server = await testServer({ onEnd: onTestFinished });
  const data = join(server.root, "data");
  mkdirSync(data);
  const file = openSync(join(data, "large"), "w");
  const block = randomBytes(10_000_000);
  for (let written = 0; written < 200; written += 1) writeSync(file, block);
  closeSync(file);
  const { sentBytes, loadedBytes, peakBytes } = await shippedFrom(server, data);
  expect(sentBytes).toBe(2_000_000_000);
  expect(peakBytes - loadedBytes).toBeLessThan(maxBytes);
});

test("uploading 100,000 small files needs constant memory", { timeout: 600_000 }, async () => {
  const server = await testServer({ onEnd: onTestFinished });
  const data = join(server.root, "data");
  for (let folder = 0; folder < 100; folder += 1) {
    mkdirSync(join(data, String(folder)), { recursive: true });
    for (let name = 0; name < 1_000; name += 1)
      writeFileSync(join(data, String(folder), `${name}.txt`), `${folder} ${name}\n`);
  }
  const { sentBytes, loadedBytes, peakBytes } = await shippedFrom(server, data);
  expect(sentBytes).toBeGreaterThan(500_000);
  expect(peakBytes - loadedBytes).toBeLessThan(maxBytes);
});
