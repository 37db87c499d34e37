import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codeBlocksIn } from "./code-blocks.ts";
import { compile, root } from "./compile.ts";

const places = ["*.md", "docs/**/*.md", "packages/*/*.md", "packages/*/src/**/*.ts"];

/** Pages that `npm run docs:build` writes from the files above. */
const isGenerated = (file: string) => /^docs[\\/](?:api|packages|contributing\.md|security\.md)/.test(file);

test("every TypeScript block of the documentation and of docstrings compiles", () => {
  const blocks = globSync(places, { cwd: root })
    .filter((file) => !file.includes("node_modules") && !isGenerated(file))
    .flatMap((file) => codeBlocksIn(file, readFileSync(join(root, file), "utf8")));
  expect(blocks.length).toBeGreaterThan(35);
  const wrong = codeBlocksIn(
    "wrong.md",
    'Text.\n\n```ts\nimport { yolo } from "@unitrain/framework-yolo";\n\nyolo({ epochz: 3 });\n```\n',
  );
  const problems = compile([...blocks, ...wrong]);
  expect(problems).toEqual([expect.stringMatching(/^wrong\.md:6: error .*'epochz' does not exist/)]);
});
