import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { crc32, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { asUrlPart, createCanary, createQuotedCanary } from "./canary.ts";
import { createSearch } from "./search.ts";
import { watchProcesses } from "./watch-processes.ts";

const plain = createCanary("plain");
const quoted = createQuotedCanary("quoted");
const search = createSearch([plain, quoted]);
const places = (leaks: readonly { place: string }[]) => [...new Set(leaks.map(({ place }) => place))];

const written: Readonly<Record<string, (secret: string) => string | Buffer>> = {
  raw: (secret) => `key=${secret}\n`,
  "half of it": (secret) => `${secret.slice(0, 17)}\n`,
  JSON: (secret) => JSON.stringify({ line: JSON.stringify({ secret }) }),
  base64: (secret) => Buffer.from(`a ${secret} of a key`).toString("base64"),
  "base64 at another alignment": (secret) => Buffer.from(`${secret} of a key`).toString("base64"),
  "base64url at the third alignment": (secret) => Buffer.from(`-${secret}-`).toString("base64url"),
  hex: (secret) => Buffer.from(`of ${secret}`).toString("hex"),
  "a URL": (secret) => `https://user:${asUrlPart({ place: "", value: secret })}@example.com`,
  "each byte of a URL": (secret) => Buffer.from(secret).toString("hex").replaceAll(/../g, "%$&"),
  gzip: (secret) => Buffer.concat([Buffer.alloc(512), gzipSync(`a log with ${secret}`), Buffer.alloc(512)]),
  "gzip in a zip": (secret) => createZip(gzipSync(secret)),
  zip: (secret) => createZip(Buffer.from(`git remote ${secret}`)),
  "a git object": (secret) => deflateSync(`blob 3\0${secret}`),
};

test.each(Object.entries(written))("a canary is found in %s", (_form, write) => {
  for (const canary of [plain, quoted])
    expect(places(search.bytes("here", write(canary.value)))).toEqual([canary.place]);
});

test("a canary is found in every part of an error", () => {
  const { value } = plain;
  const errors: readonly unknown[] = [
    new Error(value),
    new Error("outer", { cause: new Error("inner", { cause: { headers: [["authorization", value]] } }) }),
    new AggregateError([new Error("one"), new Error(value)], "several"),
    Object.assign(new Error("with a response"), { response: { config: { headers: { token: value } } } }),
    Object.defineProperty(new Error("hidden"), "secret", { value, enumerable: false }),
    Object.assign(new Error("stack"), { stack: `Error: at ${value}` }),
  ];
  for (const error of errors) expect(places(search.value("the error", error))).toEqual(["plain"]);
  expect(search.value("the error", new Error("nothing", { cause: "nothing" }))).toEqual([]);
});

test("a canary is found in files, names and links of a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-search-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "below"));
  await writeFile(join(folder, "below", "innocent.txt"), "nothing");
  expect((await search.folder(folder)).leaks).toEqual([]);
  await writeFile(join(folder, "below", "log"), `a line with ${quoted.value}\n`);
  await writeFile(join(folder, `${plain.value}.txt`), "");
  await symlink(`/tmp/${plain.value}`, join(folder, "link"));
  await symlink("/proc", join(folder, "not followed"));
  const { leaks, files } = await search.folder(folder);
  expect(files).toHaveLength(3);
  expect(leaks.map(({ where }) => where.replace(/ .*/, "")).toSorted()).toEqual(
    [join(folder, "below", "log"), "the", "the"].toSorted(),
  );
});

test.runIf(process.platform === "linux")("a canary is found in the arguments of a process", async () => {
  const watch = watchProcesses(search);
  const child = spawn("sh", ["-c", "sleep 5; :", plain.value], { stdio: "ignore" });
  const end = once(child, "exit");
  await once(child, "spawn");
  await sleep(100);
  child.kill("SIGKILL");
  await end;
  expect(places(watch.stop().leaks)).toEqual(["plain"]);
});

/** Creates a zip with one compressed entry, as torch writes a checkpoint. */
function createZip(content: Buffer): Buffer {
  const data = deflateRawSync(content);
  const header = Buffer.alloc(30);
  header.write("PK\x03\x04", 0, "latin1");
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(crc32(content), 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(4, 26);
  return Buffer.concat([header, Buffer.from("data"), data, Buffer.from("PK\x01\x02 and so on", "latin1")]);
}
