import { type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ManifestEntry } from "@unitrain/core/spec";
import { Client, type SFTPWrapper } from "ssh2";
import type { Bench } from "../server.ts";
import type { FileSet } from "./sets.ts";

/** Another way to upload a folder into an existing folder of the machine. */
export interface Peer {
  readonly name: string;
  /** The program that must be installed. */
  readonly program?: string;
  upload(bench: Bench, set: FileSet, target: string): Promise<void>;
}

export const rsync: Peer = {
  name: "rsync -a",
  program: "rsync",
  // The last word of the command line is the host, which rsync adds itself.
  upload: ({ ssh }, { folder }, target) =>
    run("rsync", ["-a", "-e", ssh.slice(0, -1).join(" "), `${folder}/`, `${ssh.at(-1)}:${target}/`]),
};

export const tar: Peer = {
  name: "tar | ssh tar",
  program: "tar",
  async upload({ ssh: [program = "", ...words] }, { folder }, target) {
    const pack = spawn("tar", ["-C", folder, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
    await run(program, [...words, `tar -C '${target}' -x`], { stdio: [pack.stdout, "ignore", "inherit"] });
  },
};

export const rclone: Peer = {
  name: "rclone over sftp",
  program: "rclone",
  upload: ({ server: { port, user, keyFile, knownHostsFile } }, { folder }, target) =>
    run("rclone", [
      ...["copy", "--config", "/dev/null", "--transfers", "16", "--sftp-host", "127.0.0.1"],
      ...["--sftp-port", String(port), "--sftp-user", user, "--sftp-key-file", keyFile],
      ...["--sftp-known-hosts-file", knownHostsFile, folder, `:sftp:${target}`],
    ]),
};

export const scp: Peer = {
  name: "scp -r",
  program: "scp",
  upload: ({ ssh }, { folder }, target) =>
    run("scp", ["-r", ...ssh.slice(1, -3), "-P", ssh.at(-2) ?? "", `${folder}/.`, `${ssh.at(-1)}:${target}`]),
};

export const fastPut: Peer = {
  name: "ssh2 fastPut, one by one",
  async upload({ server: { port, user: username, keyFile } }, { folder, entries }, target) {
    const client = new Client();
    client.connect({ host: "127.0.0.1", port, username, privateKey: await readFile(keyFile) });
    await once(client, "ready");
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) =>
      client.sftp((error, opened) => (error ? reject(error) : resolve(opened))),
    );
    for (const parent of listFolders(entries)) await wait((done) => sftp.mkdir(join(target, parent), done));
    for (const { path } of entries)
      await wait((done) => sftp.fastPut(join(folder, path), join(target, path), done));
    client.end();
    await once(client, "close");
  },
};

/** Returns the peers that are installed, and prints which are not. */
export function findInstalled(peers: readonly Peer[]): readonly Peer[] {
  return peers.filter(({ name, program }) => {
    const isInstalled = program === undefined || spawnSync(program, ["--version"]).error === undefined;
    if (!isInstalled) console.log(`  ${name} is left out, because ${program} is not installed.`);
    return isInstalled;
  });
}

function listFolders(entries: readonly ManifestEntry[]): readonly string[] {
  const parents = entries.flatMap(({ path }) =>
    path
      .split("/")
      .slice(0, -1)
      .map((_, at, parts) => parts.slice(0, at + 1).join("/")),
  );
  return [...new Set(parents)];
}

function wait(call: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}

async function run(program: string, words: readonly string[], options: SpawnOptions = {}): Promise<void> {
  const child = spawn(program, words, { stdio: ["ignore", "ignore", "inherit"], ...options });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
