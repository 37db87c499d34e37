import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { CommandResult, Framework, Job, JobInput, MachineFacts, Manifest } from "@unitrain/core/spec";
import { expect } from "vitest";
import { listEntries, write } from "./drawn-set.ts";
import { createJobInput } from "./machine.ts";
import { run } from "./this-machine.ts";

/** Returns the environment of this computer, and installs it when it is missing. */
export async function prepareEnvironment(
  framework: Framework,
  facts: MachineFacts,
  home: string,
): Promise<JobInput["environment"]> {
  const wanted = framework.environment(facts);
  const check = await run(wanted.checkCommand, home);
  if (check.exitCode === 0) return { folder: wanted.folder, found: "already", output: check.stdout };
  const installed = await run(wanted.install, home);
  expect(installed.exitCode, installed.stdout + installed.stderr).toBe(0);
  const verified = await run(wanted.verify, home);
  expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
  return { folder: wanted.folder, found: "installed", output: verified.stdout };
}

/** Lays out the shipped files as on a machine. */
export async function layOutRun(
  manifest: Manifest,
  facts: MachineFacts,
  name: string,
  environment: JobInput["environment"],
): Promise<JobInput> {
  const root = join(facts.workFolder, "runs", name);
  const input = createJobInput(facts, {
    dataset: join(root, "data"),
    output: join(root, "attempt-1/out"),
    scratch: join(root, "attempt-1/scratch"),
    environment,
  });
  for (const { path, from } of await listEntries(manifest)) {
    const target = join(input.dataset, path);
    mkdirSync(dirname(target), { recursive: true });
    if ("bytes" in from) write(target, from.bytes);
    else copyFileSync(from.file, target);
  }
  return input;
}

/** Runs a job to its end. */
export function startJob(
  job: Job,
  home: string,
  env: Readonly<Record<string, string>> = {},
  started?: (pid: number) => void,
): Promise<CommandResult> {
  mkdirSync(job.cwd, { recursive: true });
  return run({ argv: job.argv, env: job.env }, home, env, job.cwd, started);
}
