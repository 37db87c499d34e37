import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { checkSet, listShippedPaths } from "../../test/check-set.ts";
import { createPlainPng, createTemporaryFolder, drawSet, listEntries, write } from "../../test/drawn-set.ts";

const good = () => drawSet(join(createTemporaryFolder(), "set"), { train: 2, val: 2 });

describe.skipIf(process.platform === "win32")("links and special files", () => {
  it("are followed, and a file outside the folder is shipped under the name of its link", async () => {
    const folder = good();
    const elsewhere = write(join(createTemporaryFolder(), "store", "9f2c.png"), createPlainPng());
    symlinkSync(elsewhere, join(folder, "images/train/linked.png"));
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    const entry = (await listEntries(report.manifest)).find(({ path }) => path === "images/train/linked.png");
    expect(entry?.from).toMatchObject({ file: elsewhere });
  });

  it("can replace the folder of images, with the labels found by the name of link or target", async () => {
    const folder = good();
    const store = join(createTemporaryFolder(), "images");
    mkdirSync(store, { recursive: true });
    renameSync(join(folder, "images/train"), join(store, "train"));
    symlinkSync(join(store, "train"), join(folder, "images/train"));
    expect((await checkSet(folder)).findings).toEqual([]);
    mkdirSync(join(store, "../labels"));
    renameSync(join(folder, "labels/train"), join(store, "../labels/train"));
    const report = await checkSet(folder);
    expect(report.findings).toEqual([]);
    expect(await listShippedPaths(report)).toContain("labels/train/0.txt");
  });

  it("are reported when they lead nowhere or in a circle", async () => {
    const folder = good();
    symlinkSync("nowhere.png", join(folder, "images/train/gone.png"));
    symlinkSync("round.png", join(folder, "images/train/round.png"));
    const messages = (await checkSet(folder)).findings.map(
      ({ severity, message }) => `${severity}: ${message}`,
    );
    expect(messages).toEqual(["error: This link leads to nothing.", "error: This link leads in a circle."]);
  });

  it("that lead to a parent folder do not duplicate images", async () => {
    const folder = good();
    symlinkSync("..", join(folder, "images/train/up"));
    symlinkSync("../train", join(folder, "images/val/across"));
    const report = await checkSet(folder);
    // `up` adds the images of val and no image of train twice; `across` adds those of train.
    expect((await listShippedPaths(report)).filter((path) => path.startsWith("images/train/"))).toHaveLength(
      4,
    );
    expect(report.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(report.findings.some(({ message }) => message.includes("again, which was already read"))).toBe(
      true,
    );
  });

  it("that are hard links are treated as regular files", async () => {
    const folder = good();
    linkSync(join(folder, "images/train/0.png"), join(folder, "images/train/twin.png"));
    expect((await checkSet(folder)).findings).toEqual([]);
  });

  it("that are pipes or sockets are reported without blocking", async () => {
    const folder = good();
    execFileSync("mkfifo", [join(folder, "images/train/pipe.jpg"), join(folder, "labels/train/1.pipe.txt")]);
    symlinkSync("pipe.jpg", join(folder, "images/train/linked.jpg"));
    const server = createServer().listen(join(folder, "images/train/socket.jpg"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { findings } = await checkSet(folder);
    expect(findings.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      "error: This leads to a pipe, socket or device.",
      "error: This is a pipe, socket or device and not an image.",
      "error: This is a pipe, socket or device and not an image.",
    ]);
  });

  it("that are pipes in place of a label, list or yaml do not block", async () => {
    const folder = good();
    rmSync(join(folder, "labels/train/1.txt"));
    execFileSync("mkfifo", [
      join(folder, "labels/train/1.txt"),
      join(folder, "pipe.txt"),
      join(folder, "pipe.yaml"),
    ]);
    expect((await checkSet(folder)).findings).toEqual([
      {
        severity: "error",
        file: join(folder, "labels/train/1.txt"),
        message: "This label is a pipe, socket or device.",
      },
    ]);
    await expect(checkSet(join(folder, "pipe.yaml"))).rejects.toMatchObject({ code: "INVALID_DATASET" });
    write(join(folder, "data.yaml"), "train: pipe.txt\nval: images/val\nnames: [a, b]\n");
    expect((await checkSet(folder)).findings[0]?.message).toContain("neither a folder nor a list");
  });
});

describe("unusual file names", () => {
  it.skipIf(process.platform === "win32")(
    "with newlines, quotes, dollars and dashes are shipped unchanged",
    async () => {
      const folder = good();
      const names = ["new\nline", "a'b\"c", "$(id)", "-rf", "b c", "ü+ü%20", "😀"];
      for (const name of names) {
        write(join(folder, `images/train/${name}.png`), createPlainPng());
        write(join(folder, `labels/train/${name}.txt`), "0 0.5 0.5 0.2 0.2\n");
      }
      const report = await checkSet(folder);
      expect(report.findings).toEqual([]);
      expect(await listShippedPaths(report)).toEqual(
        expect.arrayContaining(names.map((name) => `images/train/${name}.png`)),
      );
    },
  );

  it.runIf(process.platform === "linux")("that are not UTF-8 are reported", async () => {
    const folder = good();
    const name = Buffer.concat([
      Buffer.from(join(folder, "images/train/bad-")),
      Buffer.from([0xff]),
      Buffer.from(".png"),
    ]);
    execFileSync("python3", [
      "-c",
      "import sys,os; open(bytes.fromhex(sys.argv[1]),'wb').write(b'x')",
      name.toString("hex"),
    ]);
    expect((await checkSet(folder)).findings).toMatchObject([
      {
        severity: "error",
        message: "The bytes of the name 'bad-\\xff.png' are not UTF-8: rename it.",
      },
    ]);
  });

  it.runIf(process.platform === "linux")(
    "that differ only in the encoding of an accent are two files",
    async () => {
      const folder = good();
      const twins = ["caf\u00e9", "cafe\u0301"];
      for (const [index, name] of twins.entries()) {
        write(join(folder, `images/train/${name}.png`), createPlainPng(40 + index));
        write(join(folder, `labels/train/${name}.txt`), "0 0.5 0.5 0.2 0.2\n");
      }
      const report = await checkSet(folder);
      expect(report.findings).toEqual([]);
      expect(await listShippedPaths(report)).toEqual(
        expect.arrayContaining(
          twins.flatMap((name) => [`images/train/${name}.png`, `labels/train/${name}.txt`]),
        ),
      );
    },
  );

  it.runIf(process.platform === "linux")("do not hide that a label cannot be read", async () => {
    const folder = good();
    rmSync(join(folder, "labels/train/1.txt"));
    // A regular file whose first bytes cannot be read, even by root.
    symlinkSync("/proc/self/mem", join(folder, "labels/train/1.txt"));
    expect((await checkSet(folder)).findings).toMatchObject([
      { severity: "error", message: "This label cannot be read (EIO)." },
    ]);
  });
});
