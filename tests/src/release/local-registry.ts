import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mustRun } from "../outside/commands.ts";
import { root } from "../outside/published.ts";

export interface LocalRegistry {
  readonly url: string;
  /** What makes npm and pnpm use this registry, with a cache of its own, so that nothing of a rehearsal stays on the computer. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const version = "6.10.4";
const startLimitMs = 30_000;

/** Installs Verdaccio in a folder. It is no dependency of the workspace, because only the rehearsal needs its 300 packages. */
export async function installRegistry(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { verdaccio: version },
    // One of its dependencies names a dist-tag, which mirrors of the registry do not have.
    overrides: { "node-fetch": "2.7.0" },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
  });
}

/** Starts a registry on loopback that keeps our packages, and takes all others from the registry that npm is configured with. */
export async function startRegistry(folder: string): Promise<LocalRegistry> {
  const upstream = (await mustRun(["npm", "config", "get", "registry"], { cwd: root })).trim();
  const access = { access: "$all", publish: "$all" };
  const config = {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "htpasswd"), max_users: 1 } },
    uplinks: { upstream: { url: upstream, timeout: "60s" } },
    packages: {
      "@unitrain/*": access,
      unitrain: access,
      "**": { access: "$all", proxy: "upstream" },
    },
    log: { type: "stdout", format: "json", level: "error" },
    max_body_size: "50mb",
  };
  // JSON is YAML.
  await writeFile(join(folder, "config.yaml"), JSON.stringify(config));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}/`;
  const program = join(folder, "node_modules/verdaccio/bin/verdaccio");
  const words = [program, "--config", join(folder, "config.yaml"), "--listen", `127.0.0.1:${port}`];
  const server = spawn(process.execPath, words, { stdio: "ignore" });
  await waitUntilReady(server, url);
  const token = await createUser(url);
  const npmrc = `registry=${url}\n//127.0.0.1:${port}/:_authToken=${token}\n`;
  await writeFile(join(folder, "npmrc"), npmrc);
  return {
    url,
    env: {
      NPM_CONFIG_USERCONFIG: join(folder, "npmrc"),
      npm_config_registry: url,
      npm_config_cache: join(folder, "cache"),
    },
    async stop() {
      const ended = once(server, "exit");
      if (server.exitCode === null && server.kill()) await ended;
    },
  };
}

async function waitUntilReady(server: ChildProcess, url: string): Promise<void> {
  for (const begin = Date.now(); Date.now() - begin < startLimitMs; await sleep(100)) {
    if (server.exitCode !== null) throw new Error(`The local registry ended with ${server.exitCode}.`);
    const isReady = await fetch(`${url}-/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
  }
  server.kill();
  throw new Error("The local registry did not start.");
}

/** Returns the token of a new user, without which npm publishes nothing. */
async function createUser(url: string): Promise<string> {
  const response = await fetch(`${url}-/user/org.couchdb.user:rehearsal`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "rehearsal", password: "rehearsal-of-a-release" }),
  });
  return ((await response.json()) as { token: string }).token;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
