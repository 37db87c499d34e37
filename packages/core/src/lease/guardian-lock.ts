import { join } from "node:path";

/** The guardian's lock: held for as long as it lives. */
export function guardianLock(home: string): string {
  return join(home, "guardian.lock");
}
