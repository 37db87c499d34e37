import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { yolo } from "../src/index.ts";
import { describeThisMachine } from "./this-machine.ts";
import { prepareEnvironment } from "./training-attempt.ts";

/**
 * Returns the Python of an environment with that version of Ultralytics, for tests that ask Ultralytics itself.
 * Installs the environment where it is missing: a test that needs it must not pass by not running.
 */
export async function prepareOraclePython(version: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-oracle-"));
  const home = join(folder, "home");
  mkdirSync(home);
  try {
    const facts = describeThisMachine({ home, workFolder: join(folder, "work") });
    const environment = await prepareEnvironment(yolo({ version }), facts, home);
    return join(environment.folder, "bin/python");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
