import { loadConfig } from "../src/settings/config/load-config.ts";

// Reads each folder's configuration as the program does, without a test runner between Node and the file; prints what came of it.
for (const folder of process.argv.slice(2)) {
  const result = await loadConfig(undefined, folder).catch((error: Error & { hint?: string }) => ({
    message: error.message,
    hint: error.hint,
  }));
  console.log(JSON.stringify(result ?? "none"));
}
