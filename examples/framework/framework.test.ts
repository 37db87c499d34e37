import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { frameworkSuite } from "@unitrain/conformance";
import { describe, it } from "vitest";
import { commandLine, framework } from "./framework.ts";

frameworkSuite({
  describe,
  it,
  name: "words",
  lacks: [
    "recipe",
    "secrets",
    "broken-data",
    "failure",
    "watched-files",
    "resume",
    "hooks",
    "next-commands",
    "unusual-options",
  ],
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "words-"));
    await writeFile(join(folder, "a.txt"), "one two three\n");
    await writeFile(join(folder, "words.model"), "3\n");
    return {
      framework: framework({ rounds: 2 }),
      data: { kind: "local", path: folder },
      files: ["a.txt"],
      log: "round 1/2 error=1 guess=2\nround 2/2 error=0 guess=3\n",
      epochs: 2,
      outputs: ["words.model"],
      model: "words.model",
      modelFile: join(folder, "words.model"),
      commandLine,
      close: () => rm(folder, { recursive: true }),
    };
  },
});
