import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { askGuardian, tellGuardian } from "./ask-guardian.ts";
import { listMissing } from "./find-secrets.ts";
import { createRunSecrets, type SecretValues } from "./run-secrets.ts";
import { createValuesServer } from "./serve-values.ts";

async function startServer(folderName = "home") {
  const folder = await mkdtemp(join(tmpdir(), "unitrain-values-"));
  const home = join(folder, folderName);
  await mkdir(home, { mode: 0o700 });
  const arrived: [string, SecretValues][] = [];
  const create = () => createValuesServer({ home, onValues: (...values) => void arrived.push(values) });
  const server = create();
  await server.listen();
  onTestFinished(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const findPath = async () => (await readFile(join(home, "guardian-socket"), "utf8")).trim();
  return { home, server, create, arrived, findPath };
}

test("values that processes pass at once are kept for each run, in memory only", async () => {
  const { home, server, arrived, findPath } = await startServer();
  await Promise.all([
    tellGuardian(home, "run-1", { TOKEN: "canary-1" }),
    tellGuardian(home, "run-1", { OTHER: "canary-2" }),
    tellGuardian(home, "run-2", { TOKEN: "canary-3" }),
  ]);
  expect((await askGuardian(home, "run-1")).at(-1)).toEqual({ TOKEN: "canary-1", OTHER: "canary-2" });
  expect(await askGuardian(home, "run-2")).toEqual([{ TOKEN: "canary-3" }]);
  expect(await askGuardian(home, "run-3")).toEqual([]);
  expect(arrived).toHaveLength(3);
  server.forget("run-1");
  expect(await askGuardian(home, "run-1")).toEqual([]);
  for (const name of await readdir(home)) {
    const path = join(home, name);
    if ((await lstat(path)).isFile()) expect(await readFile(path, "utf8")).not.toContain("canary");
  }
  const path = await findPath();
  await server.close();
  await expect(lstat(dirname(path))).rejects.toMatchObject({ code: "ENOENT" });
  expect(await askGuardian(home, "run-2")).toEqual([]);
});

test("what is not a request is ignored, and does not end the server", async () => {
  const { home, server, findPath } = await startServer();
  const path = await findPath();
  for (const text of ["no JSON\n", "null\n", '{"type":"keep","run":"r","values":{"A":1}}\n', ""]) {
    const socket = connect(path);
    socket.end(text);
    await new Promise((resolve) => socket.on("close", resolve).resume());
  }
  await tellGuardian(home, "r", { TOKEN: "value" });
  expect(server.find("r")).toEqual([{ TOKEN: "value" }]);
});

test("a socket that a killed guardian left is replaced, and one that was removed is created again", async () => {
  const { home, server, create, findPath } = await startServer();
  const left = await findPath();
  // The next guardian finds the record and the folder of the one that was killed.
  const next = create();
  await next.listen();
  expect(await findPath()).not.toBe(left);
  await expect(lstat(dirname(left))).rejects.toMatchObject({ code: "ENOENT" });
  await tellGuardian(home, "r", { TOKEN: "value" });
  expect(next.find("r")).toEqual([{ TOKEN: "value" }]);
  expect(server.find("r")).toEqual([]);

  await rm(dirname(await findPath()), { recursive: true });
  expect(await askGuardian(home, "r")).toEqual([]);
  await next.listen();
  expect(await askGuardian(home, "r")).toEqual([{ TOKEN: "value" }]);
  await next.close();
});

test("a state folder with a long path has its socket elsewhere", async () => {
  const { home, findPath } = await startServer("x".repeat(100));
  expect(Buffer.byteLength(await findPath())).toBeLessThanOrEqual(103);
  await tellGuardian(home, "r", { TOKEN: "value" });
  expect(await askGuardian(home, "r")).toEqual([{ TOKEN: "value" }]);
});

test("nothing is sent to a socket in a folder that other users can enter, or to a path that is no socket", async () => {
  const { home, arrived, findPath } = await startServer();
  const path = await findPath();
  await chmod(dirname(path), 0o755);
  const told = tellGuardian(home, "r", { TOKEN: "value" });
  expect(await askGuardian(home, "r")).toEqual([]);
  expect(arrived).toEqual([]);
  await chmod(dirname(path), 0o700);
  expect(await told).toBe(true);
  await writeFile(join(home, "guardian-socket"), `${join(home, "guardian-socket")}\n`);
  expect(await askGuardian(home, "r")).toEqual([]);
});

test("a guardian of an earlier version, which has no socket, takes no values", async () => {
  const home = await mkdtemp(join(tmpdir(), "unitrain-values-"));
  onTestFinished(() => rm(home, { recursive: true }));
  expect(await tellGuardian(home, "r", { TOKEN: "value" }, 0)).toBe(false);
  expect(await askGuardian(home, "r")).toEqual([]);
});

test("a value that differs from the one before does not replace it, because the training may print either", async () => {
  const { home } = await startServer();
  for (const value of ["first", "first", "second"]) await tellGuardian(home, "r", { TOKEN: value });
  expect(await askGuardian(home, "r")).toEqual([{ TOKEN: "first" }, { TOKEN: "second" }]);
});

test("a guardian that hangs delays a process by seconds, and not by each of its tries", async () => {
  const { home, findPath } = await startServer();
  const path = await findPath();
  await rm(path);
  const connections: Socket[] = [];
  const hanging = createServer((socket) => void connections.push(socket.resume()));
  await new Promise<void>((resolve) => hanging.listen(path, resolve));
  onTestFinished(() => void hanging.close());
  expect(await tellGuardian(home, "r", { TOKEN: "value" }, 10)).toBe(false);
  expect(connections).toHaveLength(1);
});

test("a client that does not hang up is cut off when the server ends", async () => {
  const { home, server, findPath } = await startServer();
  const socket = connect(await findPath());
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  // An answer to another client says that this one was accepted.
  await askGuardian(home, "r");
  await server.close();
  await closed;
});

test("the record of the socket's path is written again", async () => {
  const { home, server, findPath } = await startServer();
  const path = await findPath();
  await rm(join(home, "guardian-socket"));
  await server.listen();
  expect(await findPath()).toBe(path);
});

test("an empty value is no value", () => {
  const registered: string[] = [];
  const register = (_value: string, name = "") => void registered.push(name);
  const secrets = createRunSecrets({ register }, [{ TOKEN: "", OTHER: "value" }]);
  expect(secrets.values).toEqual({ OTHER: "value" });
  expect(registered).toEqual(["OTHER"]);
  expect(listMissing({ names: ["TOKEN", "OTHER"], sources: [{ TOKEN: "" }, { OTHER: "value" }] })).toEqual([
    "TOKEN",
  ]);
});
