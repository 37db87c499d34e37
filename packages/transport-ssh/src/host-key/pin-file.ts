import { join } from "node:path";

/** Returns the file with the pinned host keys of a lease. */
export function getPinFile(folder: string): string {
  return join(folder, "known_hosts");
}
