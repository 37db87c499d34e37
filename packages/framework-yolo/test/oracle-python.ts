import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { yolo } from "../src/index.ts";
import { readyEnvironment } from "./attempt.ts";
import { thisMachine } from "./this-machine.ts";

/**
 * Returns the Python of an environment with that version of Ultralytics, for tests that ask Ultralytics itself.
 * Installs the environment where it is missing: a test that needs it must not pass by not running.
 */
export async function oraclePython(version: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-oracle-"));
  const home = join(folder, "home");
  mkdirSync(home);
  try {
    const facts = thisMachine({ home, workFolder: join(folder, "work") });
    const environment = await readyEnvironment(yolo({ version }), facts, home);
    return join(environment.folder, "bin/python");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
