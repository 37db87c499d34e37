import { join } from "node:path";

/** Where the private key of a lease lies. */
export function getLeaseKeyFile(folder: string): string {
  return join(folder, "id_ed25519");
}
