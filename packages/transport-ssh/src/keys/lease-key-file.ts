import { join } from "node:path";

/** Returns the file with the private key of a lease. */
export function getLeaseKeyFile(folder: string): string {
  return join(folder, "id_ed25519");
}
