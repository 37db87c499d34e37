import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { frameworkSuite } from "@unitrain/conformance";
import { commandLine } from "../src/command-line.ts";
import { acmeName } from "../src/index.ts";

frameworkSuite({
  describe,
  it,
  name: "acme-name",
  // 11. What your framework lacks. The rules that need it do not apply, and the declaration itself is tested.
  lacks: ["secrets", "watched-files", "resume", "hooks", "next-commands"],
  // 10. A small dataset, and what one real training printed and left. Copy them from a training of yours.
  start() {
    const folder = mkdtempSync(join(tmpdir(), "acme-name-"));
    for (const name of ["data", "empty"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "data", "a.txt"), "one two three\n");
    writeFileSync(join(folder, "data", "b.txt"), "four\n");
    writeFileSync(join(folder, "data", "notes.md"), "not for the training\n");
    writeFileSync(join(folder, "words.model"), "words: 4\n");
    return {
      framework: acmeName({ rounds: 2 }),
      data: { kind: "local", path: join(folder, "data") },
      files: ["a.txt", "b.txt"],
      brokenData: { kind: "local", path: join(folder, "empty") },
      unusual: [acmeName({ rounds: Number.MAX_SAFE_INTEGER })],
      commandLine,
      log: "round 1/2 error=1\nround 2/2 error=0\n",
      epochs: 2,
      outputs: ["words.model"],
      model: "words.model",
      modelFile: join(folder, "words.model"),
      failedLog: "cat: '/data/*.txt': No such file or directory\n",
      close: () => rmSync(folder, { recursive: true }),
    };
  },
});
