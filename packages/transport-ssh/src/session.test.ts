import { createHash, hash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job, ManifestEntry, Session, Shipment } from "@unitrain/core/spec";
import { describe, it } from "vitest";
import { testClient } from "../test/client.ts";
import type { LoginWay } from "../test/login-ways.ts";
import { isRoot, type TestUser, testServer } from "../test/test-server.ts";

const oddNames = [
  "new\nline",
  'it\'s "quoted"',
  "$(id)",
  "-rf",
  "`id`",
  " spaced ",
  "\u00e9",
  "e\u0301",
  "日本",
  "back\\slash",
  "*",
];

function createShipment(entries: readonly ManifestEntry[], target: string): Shipment {
  const digest = createHash("sha256");
  for (const { path, sha256 } of entries) digest.update(`${path} ${sha256}\0`);
  return {
    manifest: {
      async *entries() {
        yield entries;
      },
    },
    digest: digest.digest("hex"),
    files: entries.length,
    bytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    target,
  };
}

function createEntry(path: string, content: Buffer): ManifestEntry {
  return { path, from: { bytes: content }, sizeBytes: content.length, sha256: hash("sha256", content) };
}

function createJob(session: { readonly home: string }, script: string): Job {
  return {
    id: `test-${process.pid}-${Math.random().toString(36).slice(2)}`,
    argv: ["sh", "-c", script],
    env: {},
    secrets: [],
    cwd: join(session.home, "cwd"),
    watch: [],
    needs: { gpus: 0 },
    title: "a test",
  };
}

async function readLog(
  session: Session,
  id: string,
  context: Parameters<Session["follow"]>[2],
): Promise<string> {
  let log = "";
  for await (const part of session.follow(id, 0, context)) {
    if (part.kind === "log") log += Buffer.from(part.bytes).toString();
  }
  return log;
}

const users: readonly (readonly [TestUser, name: string, LoginWay])[] = [
  ...(isRoot
    ? (["root", "trainer", "bash", "fish", "tcsh", "csh", "dash"] as const)
    : (["trainer"] as const)
  ).map((user) => [user, "ssh2", {}] as const),
  ["trainer", "the ssh program", { certificate: true }],
];

describe.concurrent("a run over ssh", () => {
  it.for(users)(
    "works as %s, with a noisy login shell and without SFTP, over %s",
    { timeout: 60_000 },
    async ([user, , options], { expect, onTestFinished }) => {
      const server = await testServer({
        onEnd: onTestFinished,
        ...options,
        user,
        config: ["Banner /etc/passwd", "PrintMotd yes"],
      });
      const noise = "echo noise from the shell; echo more >&2\n";
      for (const name of [".bashrc", ".cshrc", ".tcshrc", ".profile", ".zshenv"])
        await writeFile(join(server.home, name), noise);
      await mkdir(join(server.home, ".config/fish"), { recursive: true });
      await writeFile(join(server.home, ".config/fish/config.fish"), noise);
      const client = testClient(server, onTestFinished);
      const { context } = client;
      const session = await client.session();
      const facts = await session.facts(context);
      expect(facts).toMatchObject({ home: server.home, root: user === "root" && isRoot });

      const entries = oddNames.map((name) =>
        createEntry(`folder/${name}`, Buffer.from(`content of ${name}`)),
      );
      const target = join(facts.workFolder, "runs/1/data");
      const shipment = createShipment(entries, target);
      expect(await session.ship(shipment, context, () => {})).toMatchObject({ sentBytes: shipment.bytes });
      for (const name of oddNames) {
        const path = join(target, "folder", name);
        expect(await readFile(path, "utf8")).toBe(`content of ${name}`);
      }

      const script = `printf '%s' '${"x".repeat(1024 * 1024)}' | wc -c`;
      const big = await session.run({ argv: ["sh"], stdin: Buffer.from(script) }, context);
      expect(big).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^ *1048576\n$/) });

      const job = createJob(server, "echo begun; sleep 0.3; echo done; exit 42");
      await session.start(job, {}, context);
      expect(await readLog(session, job.id, context)).toBe("begun\ndone\n");
      expect(await session.getJobState(job.id, context)).toMatchObject({ state: "ended", exitCode: 42 });

      const [path = ""] = oddNames;
      const files: string[] = [];
      for await (const file of session.list(target, context)) {
        files.push(file.path);
        if (!file.path.endsWith(path)) continue;
        const local = join(server.root, "fetched");
        await session.fetch(file, local, context, () => {});
        expect(await readFile(local, "utf8")).toBe(`content of ${path}`);
      }
      expect(files).toHaveLength(oddNames.length);
      await session.remove(target, context);
    },
  );

  it("continues without a connection, and another connection follows it", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({ onEnd: onTestFinished });
    const client = testClient(server, onTestFinished);
    const first = await client.session();
    const job = createJob(server, "for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.2; done");
    await first.start(job, {}, client.context);
    await first[Symbol.asyncDispose]();
    const second = await client.session();
    expect(await readLog(second, job.id, client.context)).toBe(
      Array.from({ length: 8 }, (_, index) => `line ${index + 1}\n`).join(""),
    );
    expect(await second.getJobState(job.id, client.context)).toMatchObject({ state: "ended", exitCode: 0 });
  });

  it.runIf(isRoot)(
    "reports a full disk with figures, and leaves nothing on it",
    async ({ expect, onTestFinished }) => {
      const server = await testServer({ onEnd: onTestFinished, disk: "size=8m" });
      const client = testClient(server, onTestFinished);
      const workFolder = join(server.root, "disk/work");
      const session = await client.session({ workFolder });
      const entries = [createEntry("large", Buffer.alloc(20_000_000, 1))];
      await expect(
        session.ship(createShipment(entries, `${workFolder}/runs/1/data`), client.context, () => {}),
      ).rejects.toMatchObject({ code: "REMOTE_DISK", message: expect.stringContaining("20 MB") });
      const remainingFiles = await session.run({ argv: ["find", workFolder, "-type", "f"] }, client.context);
      expect(remainingFiles.stdout).toBe("");
    },
  );

  it("reports a disabled account at once", async ({ expect, onTestFinished }) => {
    const server = await testServer({
      onEnd: onTestFinished,
      config: ["ForceCommand echo This account is currently not available.; exit 1"],
    });
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({ code: "LOGIN_REFUSED" });
  });

  it("reports a gateway that runs no commands, with an alternative", async ({ expect, onTestFinished }) => {
    const server = await testServer({
      onEnd: onTestFinished,
      config: ['ForceCommand echo "Error: Your SSH client doesn\'t support PTY"; exit 1'],
    });
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "UNUSABLE_GATEWAY",
      hint: expect.stringContaining("TCP"),
    });
  });

  it("notices a gateway that changes bytes before anything is uploaded", async ({
    expect,
    onTestFinished,
  }) => {
    const server = await testServer({
      onEnd: onTestFinished,
      config: ['ForceCommand tr "\\200-\\377" "?" | sh -c "$SSH_ORIGINAL_COMMAND"'],
    });
    await expect(testClient(server, onTestFinished).try()).rejects.toMatchObject({
      code: "UNUSABLE_GATEWAY",
      message: expect.stringContaining("seven bits"),
    });
  });
});
