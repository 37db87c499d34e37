// Reads every changeset, then asks `changeset status` whether each package that changed since the base branch has one.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseChangesetFile } from "@changesets/parse";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = readdirSync(`${root}packages`)
  .map((folder) => `${root}packages/${folder}/package.json`)
  .filter((path) => existsSync(path))
  .map((path) => JSON.parse(readFileSync(path, "utf8")).name);
const problems = readdirSync(`${root}.changeset`)
  .filter((name) => name.endsWith(".md") && name !== "README.md")
  .flatMap((name) => findProblems(`.changeset/${name}`));
if (problems.length > 0) {
  console.error(problems.join("\n"));
  console.error(
    'Write a changeset as ---, a line `"<package>": patch | minor | major` for each package, ---, and a summary.',
  );
  console.error(
    "Exclude .changeset from your editor's formatter, because Markdown formatters break the first lines.",
  );
  process.exit(1);
}

// The pull request of a release removes the changesets that it releases.
if (process.env.GITHUB_HEAD_REF?.startsWith("changeset-release/")) process.exit(0);
const base = ["main", "origin/main"].find((ref) => git("merge-base", ref, "HEAD").status === 0);
if (base === undefined) {
  console.log(
    "All changesets are valid. Cannot tell which packages changed: this clone has no common ancestor with main.",
  );
  process.exit(0);
}
const words = base === "main" ? ["status"] : ["status", "--since", base];
const { status } = spawnSync("changeset", words, {
  cwd: root,
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exit(status ?? 1);

function findProblems(path) {
  try {
    const { releases, summary } = parseChangesetFile(readFileSync(root + path, "utf8"));
    const unknown = releases.map(({ name }) => name).filter((name) => !packages.includes(name));
    return [
      ...unknown.map((name) => `${path}: there is no package ${name}`),
      ...(releases.length > 0 && summary === "" ? [`${path}: the summary is missing`] : []),
    ];
  } catch (error) {
    return [`${path}: ${error.message.split("\n")[0]}`];
  }
}

function git(...words) {
  return spawnSync("git", words, { cwd: root });
}
