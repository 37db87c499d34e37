import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import type { ManifestEntry, RemoteFile, Shipment } from "@unitrain/core/spec";
import { describe, expect, onTestFinished, test } from "vitest";
import { type TestMachine, temporaryFolder, testMachine } from "./machine.ts";

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

function shipmentOf(machine: TestMachine, entries: readonly ManifestEntry[]): Shipment {
  return {
    manifest: {
      async *entries() {
        yield entries;
      },
    },
    digest: sha256(
      JSON.stringify(entries.map(({ path, sha256: sum }) => [path, sum])) + randomBytes(4).toString("hex"),
    ),
    files: entries.length,
    bytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    target: join(machine.workFolder, "runs", "run", "data"),
  };
}
const inline = (path: string, content: string | Buffer = `content of ${path}`): ManifestEntry => {
  const bytes = Buffer.from(content);
  return { path, from: { bytes }, sizeBytes: bytes.length, sha256: sha256(bytes) };
};
async function onDisk(path: string, content: Buffer | string): Promise<ManifestEntry> {
  const file = join(await temporaryFolder(), "local.bin");
  await writeFile(file, content);
  return { path, from: { file }, sizeBytes: Buffer.byteLength(content), sha256: sha256(content) };
}
const ship = (machine: TestMachine, shipment: Shipment) =>
  machine.session.ship(shipment, machine.context, () => {});
const fileOf = ({ from }: ManifestEntry) => ("file" in from ? from.file : "");

/** Nothing under a final name, and nothing half-made beside it. */
async function expectNothingLeft(machine: TestMachine): Promise<void> {
  const store = await readdir(join(machine.workFolder, "store")).catch(() => []);
  expect(store.filter((name) => !name.startsWith(".lock"))).toEqual([]);
  expect(await readdir(join(machine.workFolder, "runs", "run")).catch(() => [])).toEqual([]);
}

describe("shipping", () => {
  test("odd names, empty and large files, modes arrive as they are, and a second time nothing travels", async () => {
    const machine = await testMachine();
    const names = [
      "plain.jpg",
      "a\nb",
      "a\rb",
      "'q' \"d\"",
      "$(id)",
      "-rf",
      "-",
      "caf\u00e9",
      "cafe\u0301",
      " ",
      "a\\b",
      "*?[x]",
      "~",
      "#c",
      "日本/語",
    ];
    const long = `${"d".repeat(90)}/${"e".repeat(90)}/${"f".repeat(200)}.txt`;
    const large = randomBytes(3 * 1024 * 1024 + 17);
    const entries = [
      ...names.map((name) => inline(name)),
      inline("empty", ""),
      inline(long),
      { ...inline("run.sh", "#!/bin/sh\n"), executable: true },
      await onDisk("deep/er/large.bin", large),
    ];
    const shipment = shipmentOf(machine, entries);
    expect(await ship(machine, shipment)).toEqual({ sentBytes: shipment.bytes, reusedBytes: 0 });
    for (const entry of entries) {
      const content = await readFile(join(shipment.target, entry.path));
      expect(sha256(content), JSON.stringify(entry.path)).toBe(entry.sha256);
    }
    expect((await stat(join(shipment.target, "run.sh"))).mode & 0o100).toBe(0o100);
    expect((await stat(join(shipment.target, "plain.jpg"))).mode & 0o100).toBe(0);
    expect(await ship(machine, shipment)).toEqual({ sentBytes: 0, reusedBytes: shipment.bytes });
  });

  test("every run has its own view: what a training changes in it stays there", async () => {
    const machine = await testMachine();
    const shipment = shipmentOf(machine, [inline("a.jpg", "original")]);
    await ship(machine, shipment);
    await writeFile(join(shipment.target, "a.jpg"), "re-encoded");
    await writeFile(join(shipment.target, "a.cache"), "cache");
    const other = { ...shipment, target: join(machine.workFolder, "runs", "other", "data") };
    expect((await ship(machine, other)).sentBytes).toBe(0);
    expect(await readdir(other.target)).toEqual(["a.jpg"]);
    expect(await readFile(join(other.target, "a.jpg"), "utf8")).toBe("original");
  });

  test("twice at once is one dataset", async () => {
    const machine = await testMachine();
    const one = shipmentOf(machine, [inline("a.jpg"), inline("b/c.jpg")]);
    const other = { ...one, target: join(machine.workFolder, "runs", "other", "data") };
    await Promise.all([ship(machine, one), ship(machine, other)]);
    for (const { target } of [one, other]) {
      expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
        "a.jpg",
        "b",
        join("b", "c.jpg"),
      ]);
    }
  });

  test("a file that changes, shrinks, grows or vanishes while it is packed is named, and nothing stays", async () => {
    const content = Buffer.alloc(2 * 1024 * 1024, "x");
    const changes: readonly ((file: string) => Promise<void>)[] = [
      (file) => writeFile(file, Buffer.alloc(content.length, "y")),
      (file) => truncate(file, 10),
      (file) => appendFile(file, "more"),
      (file) => unlink(file),
    ];
    for (const change of changes) {
      const machine = await testMachine();
      const entry = await onDisk("a.jpg", content);
      await change(fileOf(entry));
      const attempt = ship(machine, shipmentOf(machine, [inline("first.jpg"), entry]));
      await expect(attempt).rejects.toMatchObject({
        code: "DATA_CHANGED",
        message: expect.stringContaining(fileOf(entry)),
      });
      await expectNothingLeft(machine);
    }
  });

  test("what leads out of its folder, stands twice, or is no file is refused by name, and nothing hangs", async () => {
    const machine = await testMachine();
    const folder = await temporaryFolder();
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const special = (file: string): ManifestEntry => ({
      path: "x.jpg",
      from: { file },
      sizeBytes: 0,
      sha256: sha256(""),
    });
    const cases: readonly (readonly ManifestEntry[])[] = [
      [inline("../x")],
      [inline("a/../../x")],
      [inline("/etc/x")],
      [inline("a//b")],
      [inline("a\0b")],
      [inline("a"), inline("a")],
      [inline("a"), inline("a/b")],
      [special(join(folder, "pipe"))],
      [special("/dev/null")],
      [special(folder)],
    ];
    for (const entries of cases) {
      const attempt = ship(machine, shipmentOf(machine, entries));
      await expect(attempt, entries.map(({ path }) => path).join()).rejects.toMatchObject({
        code: expect.stringMatching(/UNSAFE_PATH|DATA_CHANGED/),
      });
    }
    await expectNothingLeft(machine);
  });

  test("a line that is cut leaves nothing under a final name", async () => {
    const machine = await testMachine({
      around: (executor) => ({
        ...executor,
        async exec(command, options) {
          const execution = await executor.exec(command, options);
          if (options?.stdin === undefined || options.stdin instanceof Uint8Array) return execution;
          let sent = 0;
          options.stdin.on("data", (chunk: Buffer) => {
            sent += chunk.length;
            if (sent > 3 * 1024 * 1024) options.stdin instanceof Uint8Array || options.stdin?.destroy();
          });
          return execution;
        },
      }),
    });
    const shipment = shipmentOf(machine, [await onDisk("a.bin", randomBytes(8 * 1024 * 1024))]);
    await expect(ship(machine, shipment)).rejects.toMatchObject({
      code: expect.stringMatching(/CONNECTION_LOST|SHIP_FAILED/),
    });
    await expectNothingLeft(machine);
  });

  const canMount = process.platform === "linux" && process.getuid?.() === 0;
  test.runIf(canMount)("a full disk there is said with numbers, and nothing stays", async () => {
    const folder = await temporaryFolder();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder]);
    onTestFinished(() => void execFileSync("umount", ["-l", folder]));
    const machine = await testMachine({ folder });
    const shipment = shipmentOf(machine, [await onDisk("a.bin", randomBytes(6 * 1024 * 1024))]);
    await expect(ship(machine, shipment)).rejects.toMatchObject({
      code: "REMOTE_DISK",
      message: expect.stringMatching(/\d/),
    });
    await expectNothingLeft(machine);
  });
});

describe("listing and fetching", () => {
  const find = async (machine: TestMachine, root: string) => {
    const files: RemoteFile[] = [];
    for await (const file of machine.session.list(root, machine.context)) files.push(file);
    return files;
  };

  test("lists regular files with odd names, follows no link, and ends on a loop of links", async () => {
    const machine = await testMachine();
    const root = join(machine.folder, "out");
    await mkdir(join(root, "sub"), { recursive: true });
    for (const name of ["a.pt", "new\nline", "sub/b.pt", " lead", "日本"])
      await writeFile(join(root, name), name);
    await symlink(root, join(root, "sub", "loop"));
    await symlink("/etc/passwd", join(root, "passwd.pt"));
    await symlink("nowhere", join(root, "dangling"));
    execFileSync("mkfifo", [join(root, "pipe")]);
    const files = await find(machine, root);
    expect(files.map(({ path }) => path.slice(root.length + 1)).toSorted()).toEqual([
      " lead",
      "a.pt",
      "new\nline",
      "sub/b.pt",
      "日本",
    ]);
    expect(files.find(({ path }) => path.endsWith("a.pt"))?.sizeBytes).toBe(4);
    expect(Math.abs(Date.parse(files[0]?.modifiedAt ?? "") - Date.now())).toBeLessThan(60_000);
    expect(await find(machine, join(root, "not-there"))).toEqual([]);
  });

  test("brings a file home whole, goes on with what an earlier try brought, and refuses links", async () => {
    const machine = await testMachine();
    const content = randomBytes(5 * 1024 * 1024 + 3);
    const path = join(machine.folder, "be'st \n.pt");
    await writeFile(path, content);
    const file = { path, sizeBytes: content.length, modifiedAt: "" };
    const localPath = join(await temporaryFolder(), "best.pt");
    const seen: number[] = [];
    const fetched = await machine.session.fetch(file, localPath, machine.context, (bytes) =>
      seen.push(bytes),
    );
    expect(fetched).toEqual({ sha256: sha256(content) });
    expect(sha256(await readFile(localPath))).toBe(sha256(content));
    expect(seen.at(-1)).toBe(content.length);
    expect(await readdir(join(localPath, ".."))).toEqual(["best.pt"]);

    await symlink(path, join(machine.folder, "link.pt"));
    const link = { ...file, path: join(machine.folder, "link.pt") };
    await expect(machine.session.fetch(link, localPath, machine.context, () => {})).rejects.toThrow();
    const gone = { ...file, path: join(machine.folder, "gone.pt") };
    await expect(machine.session.fetch(gone, localPath, machine.context, () => {})).rejects.toThrow();
    expect(sha256(await readFile(localPath))).toBe(sha256(content));
  });

  test("killed with -9 in the middle leaves the old model whole, and the next try goes on", {
    timeout: 60_000,
  }, async () => {
    const machine = await testMachine();
    const content = randomBytes(64 * 1024 * 1024);
    const path = join(machine.folder, "best.pt");
    await writeFile(path, content);
    const localPath = join(await temporaryFolder(), "best.pt");
    await writeFile(localPath, "the old model");
    const source = `
      const { childExecutor, posixTransport } = await import("@unitrain/transport-posix");
      const [workFolder, file, localPath] = JSON.parse(process.argv[1]);
      const transport = posixTransport({ name: "t", reaches: ["local"], workFolder, connect: async () => childExecutor("sh", ["-c"]) });
      const context = { signal: new AbortController().signal, secret() {}, say() {}, wait: async () => {} };
      const session = await transport.connect({ reach: "local" }, context);
      await session.fetch(file, localPath, context, (bytes) => { if (bytes > 20e6) process.kill(process.pid, "SIGKILL"); });`;
    const file = { path, sizeBytes: content.length, modifiedAt: "" };
    const words = ["--conditions=@unitrain/source", "--input-type=module", "-e", source];
    const client = spawn(
      process.execPath,
      [...words, JSON.stringify([machine.workFolder, file, localPath])],
      {
        cwd: new URL("../..", import.meta.url),
        stdio: "inherit",
      },
    );
    await new Promise((resolve) => client.once("exit", resolve));
    expect(await readFile(localPath, "utf8")).toBe("the old model");
    let first: number | undefined;
    await machine.session.fetch(file, localPath, machine.context, (bytes) => {
      first ??= bytes;
    });
    expect(first).toBeGreaterThan(15e6);
    expect(sha256(await readFile(localPath))).toBe(sha256(content));
    expect(await readdir(join(localPath, ".."))).toEqual(["best.pt"]);
  });

  test("removes only what is below its own folder, whatever links are on the way", async () => {
    const machine = await testMachine();
    const outside = join(await temporaryFolder(), "precious");
    await mkdir(outside);
    await writeFile(join(outside, "a"), "a");
    const run = join(machine.workFolder, "runs", "run");
    await mkdir(join(run, "sub"), { recursive: true });
    await symlink(outside, join(run, "link"));
    for (const path of [
      outside,
      machine.workFolder,
      `${run}/../../..`,
      `${machine.workFolder}/../x`,
      `${run}/link/a`,
    ]) {
      await expect(machine.session.remove(path, machine.context), path).rejects.toMatchObject({
        code: "UNSAFE_PATH",
      });
    }
    await machine.session.remove(run, machine.context);
    await machine.session.remove(run, machine.context);
    expect(await readdir(join(machine.workFolder, "runs"))).toEqual([]);
    expect(await readFile(join(outside, "a"), "utf8")).toBe("a");
  });
});
