import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Returns the stored API key, or creates one, so that a key that was exported stays valid after a restart. */
export function readOrCreateApiKey(folder: string, prefix: string): string {
  const file = path.join(folder, "api-key");
  try {
    writeFileSync(file, prefix + randomBytes(24).toString("base64url"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8");
}
