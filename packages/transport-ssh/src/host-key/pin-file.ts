import { join } from "node:path";

/** Where a lease's host keys are kept. */
export function getPinFile(folder: string): string {
  return join(folder, "known_hosts");
}
