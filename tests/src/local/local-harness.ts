import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUnitrain, openRuns, type Runs, type Unitrain } from "@unitrain/core";
import { local } from "@unitrain/provider-local";
import { onTestFinished } from "vitest";
import { type ShellFrameworkOptions, shellFramework } from "./shell-framework.ts";

/** This computer as the machine, with separate folders. */
export interface LocalHarness {
  readonly folder: string;
  readonly home: string;
  readonly workFolder: string;
  readonly out: string;
  process(framework: ShellFrameworkOptions): Unitrain;
}

export async function createLocalHarness(): Promise<LocalHarness> {
  const folder = await mkdtemp(join(tmpdir(), "unitrain local "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const workFolder = join(folder, "work folder");
  return {
    folder,
    home,
    workFolder,
    out: join(folder, "out"),
    process: (framework) =>
      createUnitrain({ home, provider: local({ workFolder }), framework: shellFramework(framework) }),
  };
}

/** Opens the runs of a computer in a process without adapters, which loads those of this package. */
export function runsIn(home: string): Runs {
  return openRuns({ home, load: (module) => import(module) });
}
