import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";

/** New temporary folders, removed after each test. */
export function scratchFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), "unitrain-cli-"));
    folders.push(folder);
    return folder;
  };
}
