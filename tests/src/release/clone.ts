import { globSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../outside/commands.ts";
import { root } from "../outside/published.ts";

const pnpm = join(root, "node_modules/.bin/pnpm");

/** A clone of the last commit, in which a release is rehearsed. Versions, changelogs and tags exist only there. */
export interface ReleaseClone {
  readonly folder: string;
  git(...words: readonly string[]): Promise<string>;
  /** Runs a script of the root's package.json, as the workflow of a release does. */
  script(name: string, env?: Readonly<Record<string, string>>): Promise<string>;
  readVersions(): Promise<ReadonlyMap<string, string>>;
}

/** Clones the repository and installs its dependencies exactly as the lock file says, without running any lifecycle script. */
export async function createClone(folder: string): Promise<ReleaseClone> {
  await mustRun(["git", "clone", "--quiet", "--no-tags", root, folder], { cwd: root });
  await mustRun([pnpm, "install", "--frozen-lockfile", "--ignore-scripts"], { cwd: folder });
  const run = (argv: readonly [string, ...string[]], env: Readonly<Record<string, string>> = {}) =>
    mustRun(argv, { cwd: folder, env: { CI: "true", ...env } });
  return {
    folder,
    git: (...words) =>
      run(["git", "-c", "user.name=Rehearsal", "-c", "user.email=rehearsal@localhost", ...words]),
    script: (name, env) => run([pnpm, "run", name], env),
    async readVersions() {
      const versions = new Map<string, string>();
      for (const path of globSync("packages/*/package.json", { cwd: folder })) {
        const manifest = JSON.parse(await readFile(join(folder, path), "utf8"));
        if (manifest.private !== true) versions.set(manifest.name, manifest.version);
      }
      return versions;
    },
  };
}

/** Only CI can attest where a package was built, so that a rehearsal publishes without provenance. */
export async function publishWithoutProvenance({ folder }: ReleaseClone): Promise<void> {
  for (const path of globSync("packages/*/package.json", { cwd: folder })) {
    const manifest = JSON.parse(await readFile(join(folder, path), "utf8"));
    if (manifest.publishConfig === undefined) continue;
    manifest.publishConfig.provenance = false;
    await writeFile(join(folder, path), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
