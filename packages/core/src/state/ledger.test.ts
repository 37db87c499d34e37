import { randomBytes } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemPorts } from "../ports.ts";
import type { Resource } from "../spec/index.ts";
import { openLedger } from "./ledger.ts";
import { readLedger } from "./read-ledger.ts";

const instance: Resource = { kind: "instance", name: "unitrain-a-1", onRelease: "delete" };
const address: Resource = { kind: "address", name: "unitrain-a-1", onRelease: "delete" };

async function freshPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-ledger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "ledger.jsonl");
}

describe("the ledger", () => {
  test("lists unreleased resources: an update replaces a resource, and a proof of release removes it", async () => {
    const path = await freshPath();
    const { lease: ledger } = await openLedger(path, systemPorts);
    await ledger.append({ type: "resource", resource: instance });
    await ledger.append({ type: "resource", resource: { ...instance, id: "i-1" } });
    await ledger.append({ type: "resource", resource: address });
    await ledger.append({ type: "resource", resource: { ...address, name: "found", onRelease: "keep" } });
    expect(ledger.state.unreleased).toEqual([{ ...instance, id: "i-1" }, address]);

    const proof = { resource: { ...instance, id: "i-1" }, goneAt: "2026-01-01T00:00:00Z", evidence: "404" };
    await ledger.append({ type: "released", proofs: [proof] });
    expect(ledger.state.unreleased).toEqual([address]);
    expect((await readLedger(path)).lease).toEqual(ledger.state);
  });

  test("treats two resources with the same name and different ids as different", async () => {
    const { lease: ledger } = await openLedger(await freshPath(), systemPorts);
    await ledger.append({ type: "resource", resource: { ...address, id: "1" } });
    await ledger.append({ type: "resource", resource: { ...address, id: "2" } });
    expect(ledger.state.unreleased.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  test("torn at any byte of its last line is read without that line and can be continued", async () => {
    const path = await freshPath();
    const { lease: ledger } = await openLedger(path, systemPorts);
    await ledger.append({ type: "resource", resource: instance });
    const fullBytes = (await readFile(path)).length;
    await ledger.append({ type: "leased" });
    const content = await readFile(path);
    for (let length = fullBytes; length < content.length; length += 1) {
      await writeFile(path, content);
      await truncate(path, length);
      const reading = await readLedger(path);
      expect(reading).toMatchObject({
        entries: 1,
        damaged: 0,
        lease: { isLeased: false, unreleased: [instance] },
      });
      const { lease: again } = await openLedger(path, systemPorts);
      await again.append({ type: "leased" });
      expect(await readLedger(path)).toMatchObject({ entries: 2, damaged: 0, lease: { isLeased: true } });
    }
  });

  test("counts a damaged line in the middle and reads the other lines", async () => {
    const path = await freshPath();
    const { lease: ledger } = await openLedger(path, systemPorts);
    await ledger.append({ type: "resource", resource: instance });
    await appendFile(path, "\0\0{not json\n");
    const { lease: again } = await openLedger(path, systemPorts);
    await again.append({ type: "resource", resource: address });
    expect(await readLedger(path)).toMatchObject({ damaged: 1, lease: { unreleased: [instance, address] } });
  });

  test("appears together with its first line, so that a crash never leaves an empty file", async () => {
    const path = await freshPath();
    const { lease: ledger } = await openLedger(path, systemPorts);
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    await ledger.append({ type: "leased" });
    expect(await readLedger(path)).toMatchObject({ entries: 1 });
    expect(await readdir(dirname(path))).toEqual(["ledger.jsonl"]);
  });

  const createIntent = (resources: unknown) => ({
    v: 1,
    seq: 0,
    at: "2026-01-01T00:00:00Z",
    type: "intent",
    resources,
  });
  test.each([
    ["empty", "", "unreadable"],
    ["of random bytes", randomBytes(4096), "unreadable"],
    ["that is one half line", '{"v":1,"seq":0,"type":"inte', "unreadable"],
    ["of entries that lack what they are about", `${JSON.stringify(createIntent(null))}\n`, "unreadable"],
    [
      "of an entry of no type we know",
      '{"v":1,"at":"2026-01-01T00:00:00Z","type":"toString"}\n',
      "unreadable",
    ],
    ["of a newer version", '{"v":2,"kind":"whatever"}\n', "newer"],
  ] as const)("that is %s is refused, and left as it is", async (_name, content, kind) => {
    const path = await freshPath();
    await writeFile(path, content);
    expect((await readLedger(path)).problem).toMatchObject({ kind, file: path });
    await expect(openLedger(path, systemPorts)).rejects.toMatchObject({ code: "STATE_UNREADABLE" });
    expect(await readFile(path)).toEqual(Buffer.from(content));
  });

  test("is refused if a newer version wrote only its last line, and reports the resources that this line names", async () => {
    const path = await freshPath();
    const { lease: ledger } = await openLedger(path, systemPorts);
    await ledger.append({ type: "resource", resource: instance });
    const volume = { kind: "volume", name: "unitrain-a-1", id: "v-1" };
    await appendFile(path, `${JSON.stringify({ v: 3, type: "attached", what: { volumes: [volume] } })}\n`);
    expect(await readLedger(path)).toMatchObject({
      problem: { kind: "newer", message: expect.stringContaining("format 3") },
      lease: { unreleased: [instance] },
      mentionedResources: [volume],
    });
    await expect(openLedger(path, systemPorts)).rejects.toMatchObject({ code: "STATE_UNREADABLE" });
  });

  test("writes entries in the order of the calls, with gapless numbers", async () => {
    const path = await freshPath();
    const { lease: ledger } = await openLedger(path, systemPorts);
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        ledger.append({ type: "resource", resource: { ...instance, name: `n${at}` } }),
      ),
    );
    const lines = (await readFile(path, "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at));
    expect(lines.map(({ resource }) => resource.name)).toEqual(lines.map((_, at) => `n${at}`));
  });

  test("that cannot be written rejects with its path and does not apply the entry", async () => {
    const { lease: ledger } = await openLedger(await freshPath(), {
      ...systemPorts,
      openLedgerFile: async () => ({
        append: async () => {
          throw Object.assign(new Error("full"), { code: "ENOSPC" });
        },
      }),
    });
    await expect(ledger.append({ type: "leased" })).rejects.toMatchObject({
      code: "LEDGER_UNWRITABLE",
      message: expect.stringMatching(/ledger\.jsonl.*ENOSPC/),
    });
    expect(ledger.state.isLeased).toBe(false);
    await expect(openLedger("/dev/null/ledger.jsonl", systemPorts)).rejects.toMatchObject({
      code: "STATE_UNREADABLE",
    });
  });
});
