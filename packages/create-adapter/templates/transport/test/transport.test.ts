import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { providerSuite, transportSuite } from "@unitrain/conformance";
import { acmeName, acmeNameMachine } from "../src/index.ts";

transportSuite({
  describe,
  it,
  name: "acme-name",
  // 7. What your transport or this setup lacks. The rules that need it do not apply, and the declaration itself is tested.
  lacks: ["identity", "cut", "processes"],
  // 6. A machine for the checks, an empty folder on it, and another way to read and write its files. Here it is this computer.
  async start() {
    const root = await mkdtemp(join(tmpdir(), "ut-"));
    const folder = join(root, "folder");
    await mkdir(folder);
    return {
      transport: acmeName({ workFolder: join(root, "work") }),
      machine: { connectionKind: "x-acme-name", name: "box" },
      unreachableMachine: { connectionKind: "x-acme-name", name: "unreachable" },
      folder,
      readFile: (path) => readFile(path).catch(() => undefined),
      async writeFile(path, content) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
      },
      close: () => rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
    };
  },
});

providerSuite({
  describe,
  it,
  name: "acme-name, the machine",
  lacks: ["rental", "list", "self-release", "secrets", "silence", "hostile-text"],
  start: () => ({ provider: acmeNameMachine({ name: "box" }), listExisting: () => [] }),
});
