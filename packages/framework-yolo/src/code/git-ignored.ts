import { spawnSync } from "node:child_process";
import { relative, sep } from "node:path";

const timeoutMs = 30_000;
const maxOutputBytes = 256 * 1024 * 1024;

/** Variables by which a git hook or a script points git at another checkout. */
const gitVariables = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

/** Whether what lies at an absolute path is ignored. */
export type IsIgnored = (file: string, isFolder: boolean) => boolean;

/**
 * Asks git itself what it ignores below a folder, so that every rule of it holds: case, negations, `.git/info/exclude`,
 * the user's global excludes, and that tracked files are never ignored. Undefined where there is no git, no checkout,
 * or git refuses to read it.
 */
export function askGitIgnored(folder: string): IsIgnored | undefined {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !gitVariables.includes(name)),
  );
  const words = ["ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"];
  const done = spawnSync("git", ["-C", folder, ...words], {
    env: { ...env, GIT_OPTIONAL_LOCKS: "0" },
    timeout: timeoutMs,
    maxBuffer: maxOutputBytes,
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (done.status !== 0) return undefined;
  // Relative to the folder; folders end in a slash.
  const paths = new Set(done.stdout.toString("utf8").split("\0").filter(Boolean));
  // The folder is ignored as a whole, and was named by the user all the same: he means what is in it.
  if (paths.has("./")) return () => false;
  return (file, isFolder) => {
    const path = relative(folder, file).split(sep).join("/");
    return paths.has(isFolder ? `${path}/` : path);
  };
}
