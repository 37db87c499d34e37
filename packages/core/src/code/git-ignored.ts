import { spawnSync } from "node:child_process";
import { relative, sep } from "node:path";

const timeoutMs = 30_000;
const maxOutputBytes = 256 * 1024 * 1024;

/** Environment variables that a git hook or script sets to point git at another checkout. */
const gitVariables = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

/** Returns whether the file or folder at an absolute path is ignored. */
export type IsIgnored = (file: string, isFolder: boolean) => boolean;

/**
 * Asks git which files it ignores below a folder, so that all of its rules apply: case, negations, `.git/info/exclude`,
 * the user's global excludes, and that tracked files are never ignored. Returns undefined when git is missing, the
 * folder is not in a checkout, or git refuses to read it.
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
  // Paths are relative to the folder; those of folders end in a slash.
  const paths = new Set(done.stdout.toString("utf8").split("\0").filter(Boolean));
  // The folder itself is ignored, but the user named it: its files are wanted.
  if (paths.has("./")) return () => false;
  return (file, isFolder) => {
    const path = relative(folder, file).split(sep).join("/");
    return paths.has(isFolder ? `${path}/` : path);
  };
}
