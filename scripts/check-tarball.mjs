// Run in the folder of a package. Checks that its tarball contains README, LICENSE and CHANGELOG, but no sources or tests.
import { spawnSync } from "node:child_process";

const { stdout, stderr, status } = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
  encoding: "utf8",
  maxBuffer: 64 * 1024 * 1024,
  shell: process.platform === "win32",
});
if (status !== 0) throw new Error(stderr);
const [{ name, files }] = JSON.parse(stdout);
const paths = files.map(({ path }) => path);
const missing = ["package.json", "README.md", "LICENSE", "CHANGELOG.md"].filter(
  (path) => !paths.includes(path),
);
// The templates of create-adapter have tests, which belong to the packages that are written from them.
const unwanted = paths.filter((path) => /^(src|test)\/|^(?!templates\/).*(\.test\.|tsconfig)/.test(path));
for (const path of missing) console.error(`${name}: the tarball is missing ${path}`);
for (const path of unwanted) console.error(`${name}: the tarball must not contain ${path}`);
if (missing.length + unwanted.length > 0) process.exit(1);
console.log(`${name}: ${paths.length} files, with README, LICENSE and CHANGELOG`);
