import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mustRun } from "../outside/commands.ts";
import { listPublishedPackages, root } from "../outside/published.ts";
import { createClone, publishWithoutProvenance, type ReleaseClone } from "./clone.ts";
import { installRegistry, type LocalRegistry, startRegistry } from "./local-registry.ts";

const names = listPublishedPackages().map(({ name }) => name);
const readRepository = async () => ({
  tags: await mustRun(["git", "tag"], { cwd: root }),
  head: await mustRun(["git", "rev-parse", "HEAD"], { cwd: root }),
  status: await mustRun(["git", "status", "--porcelain"], { cwd: root }),
});

let top = "";
let registry: LocalRegistry;
let clone: ReleaseClone;
let before: Awaited<ReturnType<typeof readRepository>>;
let versions: ReadonlyMap<string, string>;

beforeAll(async () => {
  before = await readRepository();
  top = await mkdtemp(join(tmpdir(), "unitrain-release-"));
  const registryFolder = join(top, "registry");
  const prepare = async () => {
    clone = await createClone(join(top, "clone"));
    await clone.script("release:versions");
    versions = await clone.readVersions();
    await publishWithoutProvenance(clone);
    // After a release that raised no version there is nothing to commit.
    await clone.git(
      "commit",
      "--quiet",
      "--all",
      "--allow-empty",
      "--message",
      "Versions of the next release",
    );
    await clone.script("build");
  };
  await Promise.all([prepare(), installRegistry(registryFolder)]);
  registry = await startRegistry(registryFolder);
  await clone.script("release", registry.env);
}, 330_000);

afterAll(async () => {
  await registry?.stop();
  await rm(top, { recursive: true, force: true });
});

/** Runs a command in a folder of a user who takes packages from the registry of the rehearsal. */
const runAsUser = (folder: string, ...argv: readonly [string, ...string[]]) =>
  mustRun(argv, { cwd: folder, env: registry.env });

async function createUserFolder(name: string): Promise<string> {
  const folder = join(top, name);
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), '{ "name": "user", "version": "0.0.0", "private": true }');
  return folder;
}

describe("a rehearsed release", () => {
  test.each(names)("publishes %s with its new version, and its changelog begins with it", async (name) => {
    const version = versions.get(name);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(version).not.toBe("0.0.0");
    const response = await fetch(registry.url + name.replace("/", "%2f"));
    const { "dist-tags": tags, versions: published } = (await response.json()) as Record<string, never>;
    expect(tags).toEqual({ latest: version });
    expect(JSON.stringify(published)).not.toContain("workspace:");
    const folder = listPublishedPackages().find((each) => each.name === name)?.folder ?? "";
    const changelog = await readFile(join(clone.folder, folder, "CHANGELOG.md"), "utf8");
    expect(changelog).toMatch(new RegExp(`^# ${name}\\n\\n## ${version?.replaceAll(".", "\\.")}\\n`));
  });

  test("tags each package in the clone only", async () => {
    const tags = (await clone.git("tag")).trim().split("\n").sort();
    expect(tags).toEqual(names.map((name) => `${name}@${versions.get(name)}`).sort());
  });

  test("releases every changeset", async () => {
    const left = await clone.git("ls-files", ".changeset/*.md");
    expect(left).toBe("");
  });

  test("npx runs the published command line", async () => {
    const folder = await createUserFolder("npx");
    const help = await runAsUser(folder, "npx", "--yes", "@unitrain/cli@latest", "--help");
    expect(help).toContain("Trains a model on a remote machine and downloads the result.");
    const version = await runAsUser(folder, "npx", "--yes", "unitrain@latest", "--version");
    expect(version.trim()).toBe(versions.get("@unitrain/cli"));
  });

  test("npm create writes an adapter that installs, builds and passes the suite", async () => {
    const folder = await createUserFolder("create");
    const words = ["--kind", "provider", "--name", "desk"];
    await runAsUser(folder, "npm", "create", "--yes", "@unitrain/adapter@latest", "--", ...words);
    const adapter = join(folder, "unitrain-provider-desk");
    await runAsUser(adapter, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts");
    // From a lock file that names this registry only.
    await runAsUser(adapter, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    await runAsUser(adapter, "npm", "run", "build");
    expect(await runAsUser(adapter, "npm", "test")).toMatch(/^. fail 0$/m);
  });

  test("changes nothing in this repository", async () => {
    expect(await readRepository()).toEqual(before);
  });
});
