import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "./commands.ts";
import { root } from "./published.ts";
import type { Tarball } from "./tarballs.ts";

export type PackageManager = "npm" | "pnpm";

/** What a user installs beside the packages. The compilers have names of their own, so that they fit into one folder. */
const tools = {
  "@types/node": "^22.0.0",
  // The oldest one that knows NoInfer, which the types of the packages use.
  "typescript-5.4": "npm:typescript@~5.4.5",
  typescript: "~5.9.3",
  "typescript-7": "npm:typescript@~7.0.2",
  vitest: "^5.1.1",
};

/** Creates a user's project: the tarballs are installed, without a workspace and without lifecycle scripts. */
export async function createOutsideFolder(
  folder: string,
  manager: PackageManager,
  tarballs: readonly Tarball[],
  node: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const packages = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const manifest = {
    name: "outside",
    private: true,
    type: "module",
    dependencies: packages,
    devDependencies: tools,
    // The packages depend on each other by version, and no registry has these versions yet.
    overrides: Object.fromEntries(tarballs.map(({ name }) => [name, `$${name}`])),
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  if (manager === "pnpm") {
    const overrides = Object.entries(packages).map(([name, file]) => `  ${JSON.stringify(name)}: ${file}\n`);
    await writeFile(join(folder, "pnpm-workspace.yaml"), `overrides:\n${overrides.join("")}`);
  }
  await mustRun(installCommand(manager), { cwd: folder, node });
  await cp(join(root, "examples/first-provider"), join(folder, "first-provider"), { recursive: true });
  await cp(join(root, "examples/framework/framework.ts"), join(folder, "framework.ts"));
  await mkdir(join(folder, "texts"));
  await writeFile(join(folder, "texts/a.txt"), "one two three four five\n");
}

function installCommand(manager: PackageManager): readonly [string, ...string[]] {
  return manager === "npm"
    ? ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    : [join(root, "node_modules/.bin/pnpm"), "install", "--ignore-scripts", "--reporter=append-only"];
}

/** Returns the path of a Node of exactly this version, which npm brings. */
export async function installNode(folder: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }');
  // Its install script fetches the binary for this platform from the configured registry.
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", `node@${version}`], {
    cwd: folder,
  });
  return join(folder, "node_modules/node/bin/node");
}
