import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { CheckResult } from "./check-result.ts";

/** Checks whether git would commit models by mistake, and whether models may contain a token from the remote's address. Returns nothing outside of a git repository. */
export async function checkGit(folder: string): Promise<CheckResult[]> {
  if ((await git(folder, "rev-parse", "--is-inside-work-tree")) !== "true") return [];
  return [await ignored(folder), ...(await remote(folder))];
}

async function ignored(folder: string): Promise<CheckResult> {
  const name = "git";
  const isIgnored = (await git(folder, "check-ignore", "runs/detect")) !== undefined;
  if (isIgnored) return { state: "ok", name, found: "runs/ is ignored" };
  const hint =
    "Models are downloaded to runs/: add that line to .gitignore, so that none is committed by mistake.";
  return { state: "warn", name, found: "runs/ is not ignored", hint };
}

/** Checks the remote's address for a token, because some trainings write this address into every checkpoint. */
async function remote(folder: string): Promise<CheckResult[]> {
  const address = (await git(folder, "config", "--get", "remote.origin.url")) ?? "";
  if (!/^https?:\/\/[^/@]+@/.test(address)) return [];
  return [
    {
      state: "warn",
      name: "git remote",
      found: "the address of origin holds a user name or token",
      hint: "Trainings may write that address into models: git remote set-url origin <address without it>.",
    },
  ];
}

async function git(folder: string, ...words: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", words, { cwd: folder, timeout: 10_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
