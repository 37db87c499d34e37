import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import { checkInstalledAdapters } from "./adapters.ts";

const scratch = scratchFolders();
const members = `specVersion: "v1", name: "x", connectionKind: "ssh", ownership: "rented", offers() {}, quote() {}, listPlannedResources() {}, lease() {}, getMachineState() {}, release() {}`;

it("lists the adapters that the project depends on, with versions, capabilities and problems", async () => {
  const folder = scratch();
  const packages: Record<string, [manifest: object, code: string]> = {
    "unitrain-provider-desk": [{ version: "1.2.0" }, `export default () => ({ ${members} });`],
    "@me/cloud": [{ version: "2.0.0", keywords: ["unitrain-provider"] }, "throw new Error('no licence');"],
    "unitrain-framework-words": [{ version: "3.0.0", peerDependencies: { "@unitrain/core": "^77.0.0" } }, ""],
    other: [{ version: "1.0.0" }, "throw new Error('This must not run.');"],
  };
  for (const [name, [manifest, code]] of Object.entries(packages)) {
    const at = join(folder, "node_modules", name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, "package.json"), JSON.stringify({ name, exports: "./index.mjs", ...manifest }));
    writeFileSync(join(at, "index.mjs"), code);
  }
  const dependencies = Object.fromEntries(Object.keys(packages).map((name) => [name, "1"]));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
  expect(await checkInstalledAdapters(folder)).toMatchObject([
    {
      name: "provider desk",
      state: "ok",
      found: "unitrain-provider-desk 1.2.0, rents machines, lists offers",
    },
    { name: "provider npm:@me/cloud", state: "warn", found: expect.stringMatching(/2\.0\.0 .*no licence/) },
    { name: "framework words", state: "warn", found: expect.stringContaining("^77.0.0") },
  ]);
});
