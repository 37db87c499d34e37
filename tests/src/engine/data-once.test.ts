import fs from "node:fs";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  createLifetime,
  killablePorts,
  memoryCloud,
  memoryFramework,
  memoryLocks,
  memoryProvider,
  memoryTransport,
  virtualClock,
} from "@unitrain/conformance";
import { createUnitrain, definePlugin, type Framework, type ManifestEntry } from "@unitrain/core";
import { FileContents, getFingerprint } from "@unitrain/core/spec";
import { describe, expect, onTestFinished, test } from "vitest";

const names = ["a.jpg", "b.jpg", "c.jpg"];

/** Creates three files, a framework that ships them, and a clock that is `aheadMs` ahead of the time of their last write. */
async function createStage({
  aheadMs = 60_000,
  reads = false,
  asks = false,
  onShip = async (_folder: string): Promise<void> => {},
} = {}) {
  const home = await mkdtemp(join(tmpdir(), "unitrain-once-"));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const data = join(home, "data");
  await mkdir(data);
  for (const name of names) await writeFile(join(data, name), `content of ${name}`);
  const { ctimeMs } = await stat(join(data, "c.jpg"));
  const clock = virtualClock(Math.ceil(ctimeMs) + aheadMs);
  const cloud = memoryCloud(clock);
  const calls = { check: 0, ship: 0, provision: 0 };
  const folder = memoryFramework(cloud);
  const framework: Framework = {
    ...folder,
    check: async (source) => {
      calls.check++;
      const path = source.kind === "local" ? source.path : "";
      const entries = await listEntries(path, reads);
      return {
        manifest: {
          async *entries() {
            yield entries;
          },
        },
        summary: "files",
        findings: [],
        ...(asks ? {} : { inspectedPaths: [path] }),
      };
    },
  };
  const lifetime = createLifetime();
  const counter = definePlugin({
    name: "counter",
    hooks: {
      provision: () => {
        calls.provision++;
        return undefined;
      },
      ship: async (manifest) => {
        calls.ship++;
        await onShip(data);
        return { entries: () => manifest.entries() };
      },
    },
  });
  const createProcess = (hasPlugin = true) =>
    createUnitrain({
      home: join(home, "home"),
      guardian: false,
      ports: killablePorts(lifetime, clock, memoryLocks()),
      provider: memoryProvider(cloud, undefined, lifetime),
      transport: memoryTransport(cloud, lifetime),
      framework,
      plugins: hasPlugin ? [counter] : [],
    });
  return { data, out: join(home, "out"), home, calls, cloud, createProcess, opened: countOpened(data) };
}

async function listEntries(folder: string, reads: boolean): Promise<ManifestEntry[]> {
  const found = (await readdir(folder)).sort();
  return found.map((name) => {
    const file = join(folder, name);
    const stats = fs.statSync(file, { bigint: true });
    const content = { sha256: hashContent(name), fingerprint: getFingerprint(file, stats) };
    return { path: name, from: reads ? { file, content } : { file }, sizeBytes: Number(stats.size) };
  });
}

const hashContent = (name: string): string =>
  process.getBuiltinModule("node:crypto").hash("sha256", `content of ${name}`);

/** Counts how often each file of a folder is opened from now on. */
function countOpened(folder: string): () => Readonly<Record<string, number>> {
  let counts: Record<string, number> = {};
  const original = fs.openSync;
  fs.openSync = (path, ...rest) => {
    if (String(path).startsWith(folder))
      counts[basename(String(path))] = (counts[basename(String(path))] ?? 0) + 1;
    return original(path, ...rest);
  };
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs.openSync = original;
    syncBuiltinESMExports();
  });
  return () => {
    const sinceLast = counts;
    counts = {};
    return sinceLast;
  };
}

const each = (count: number) => Object.fromEntries(names.map((name) => [name, count]));

describe("plan and start together", () => {
  test("check the data once, open each file once and call each hook once", async () => {
    const { createProcess, data, out, calls, opened } = await createStage();
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data, out });
    expect(opened()).toEqual(each(1));
    const run = await unitrain.start({ ...plan });
    expect(opened()).toEqual({});
    expect(calls).toEqual({ check: 1, ship: 1, provision: 1 });
    await run.result;
    expect(calls).toEqual({ check: 1, ship: 1, provision: 1 });
  });

  test("open no file that the framework has read", async () => {
    const { createProcess, data, out, opened } = await createStage({ reads: true });
    const unitrain = createProcess(false);
    const plan = await unitrain.plan({ data, out });
    expect(opened()).toEqual({});
    await (await unitrain.start(plan)).result;
    expect(opened()).toEqual({});
  });

  test("check again when the framework does not report inspected paths, but do not read files again", async () => {
    const { createProcess, data, out, calls, opened } = await createStage({ asks: true });
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data, out });
    opened();
    await (await unitrain.start(plan)).result;
    expect(opened()).toEqual({});
    expect(calls).toEqual({ check: 2, ship: 1, provision: 1 });
  });

  test("keep the data of several pending plans apart", async () => {
    const { createProcess, data, out, calls, opened } = await createStage();
    const unitrain = createProcess();
    const first = await unitrain.plan({ data, out });
    const second = await unitrain.plan({ data, out });
    expect(opened()).toEqual(each(1));
    await (await unitrain.start(first)).result;
    await (await unitrain.start(second)).result;
    expect(opened()).toEqual({});
    expect(calls).toEqual({ check: 2, ship: 2, provision: 2 });
  });
});

describe("a file that changed between plan and start", () => {
  const changes: readonly (readonly [string, (file: string, folder: string) => Promise<void>])[] = [
    ["was written anew", (file) => writeFile(file, "another text")],
    ["has grown", (file) => appendFile(file, "more")],
    [
      "has another content, and size and times as before",
      (file) => withOldTimes(file, () => overwrite(file)),
    ],
    [
      "was replaced by another one of the same size and times",
      async (file, folder) => {
        const { size, atime, mtime } = await stat(file);
        const other = join(folder, "..", "other");
        await writeFile(other, "x".repeat(size));
        await utimes(other, atime, mtime);
        await rename(other, file);
      },
    ],
    ["is gone", (file) => unlink(file)],
    [
      "has become a link to another one",
      async (file, folder) => {
        const { size } = await stat(file);
        const other = join(folder, "..", "other");
        await writeFile(other, "x".repeat(size));
        await unlink(file);
        await symlink(other, file);
      },
    ],
  ];

  test.each(changes)("is found when it %s, and nothing is rented", async (_how, change) => {
    for (const reads of [false, true]) {
      const { createProcess, data, out, cloud, calls } = await createStage({ reads });
      const unitrain = createProcess();
      const plan = await unitrain.plan({ data, out });
      await change(join(data, "b.jpg"), data);
      await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "DATA_CHANGED" });
      expect(cloud.bill).toEqual([]);
      expect(calls).toMatchObject({ ship: 1, provision: 1 });
    }
  });

  test("is named in the error", async () => {
    const { createProcess, data, out } = await createStage();
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data, out });
    await withOldTimes(join(data, "b.jpg"), () => overwrite(join(data, "b.jpg")));
    await expect(unitrain.start(plan)).rejects.toThrow(`${join(data, "b.jpg")}: its content has changed`);
  });

  test("only in its timestamps is the only file that is read again", async () => {
    const { createProcess, data, out, opened } = await createStage({ reads: true });
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data, out });
    await utimes(join(data, "b.jpg"), new Date(0), new Date(0));
    opened();
    await (await unitrain.start(plan)).result;
    expect(opened()).toEqual({ "b.jpg": 1 });
  });
});

test("start accepts what a ship hook wrote into a file, and finds later changes", async () => {
  const { createProcess, data, out } = await createStage({
    reads: true,
    onShip: (folder) => writeFile(join(folder, "b.jpg"), "CONTENT of b.jpg"),
  });
  const unitrain = createProcess();
  await (await unitrain.start(await unitrain.plan({ data, out }))).result;
  const plan = await unitrain.plan({ data, out });
  await overwrite(join(data, "b.jpg"));
  await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "DATA_CHANGED" });
});

describe("a folder that changed between plan and start", () => {
  test("is found when it has a new file", async () => {
    const { createProcess, data, out, cloud, calls } = await createStage();
    for (const hasPlugin of [true, false]) {
      const unitrain = createProcess(hasPlugin);
      const plan = await unitrain.plan({ data, out });
      await writeFile(join(data, `new-${hasPlugin}.jpg`), "new");
      await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "DATA_CHANGED" });
    }
    expect(cloud.bill).toEqual([]);
    expect(calls.ship).toBe(1);
  });

  test("is accepted when it has its old content again, after another check and without calling hooks", async () => {
    const { createProcess, data, out, calls, opened } = await createStage();
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data, out });
    await writeFile(join(data, "new.jpg"), "new");
    await unlink(join(data, "new.jpg"));
    opened();
    await (await unitrain.start(plan)).result;
    expect(opened()).toEqual({});
    expect(calls).toEqual({ check: 2, ship: 1, provision: 1 });
  });

  test("is found when the link to it has another target", async () => {
    const { createProcess, data, home, out } = await createStage();
    const [link, other] = [join(home, "link"), join(home, "other")];
    await symlink(data, link);
    await mkdir(other);
    for (const name of names) await writeFile(join(other, name), `other of ${name}`);
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data: link, out });
    await unlink(link);
    await symlink(other, link);
    await expect(unitrain.start(plan)).rejects.toMatchObject({ code: "DATA_CHANGED" });
  });
});

describe("unreliable timestamps", () => {
  test.each([
    ["a second after the last change, which a coarse clock could not tell from another one", 1_000],
    ["with a clock that has gone back since the last change", -3_600_000],
  ])("make start read files again: %s", async (_when, aheadMs) => {
    const { createProcess, data, out, calls, opened } = await createStage({ aheadMs, reads: true });
    const unitrain = createProcess();
    const plan = await unitrain.plan({ data, out });
    opened();
    await (await unitrain.start(plan)).result;
    expect(opened()).toEqual(each(1));
    expect(calls.check).toBe(2);
  });
});

describe("FileContents", () => {
  test("stores contents by index, and returns undefined for an index that was not set", () => {
    const contents = new FileContents(40_000);
    const content = { sha256: hashContent("a"), fingerprint: "\0\xff12345\n" };
    for (const index of [0, 16_383, 16_384, 39_999]) contents.set(index, content);
    for (const index of [0, 16_383, 16_384, 39_999]) expect(contents.get(index)).toEqual(content);
    for (const index of [1, 16_385, 39_998, 50_000]) expect(contents.get(index)).toBeUndefined();
  });
});

async function overwrite(file: string): Promise<void> {
  const { size } = await stat(file);
  await writeFile(file, "x".repeat(size));
}

async function withOldTimes(file: string, change: () => Promise<void>): Promise<void> {
  const { atime, mtime } = await stat(file);
  await change();
  await utimes(file, atime, mtime);
}
