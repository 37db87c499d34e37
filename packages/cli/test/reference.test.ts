import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/context/exit-code.ts";
import { generateReference } from "./reference.ts";

const path = fileURLToPath(new URL("../../../docs/cli.md", import.meta.url));
const text = await readFile(path, "utf8");

describe("docs/cli.md", () => {
  it("contains the current settings and commands (vitest -u writes them)", async () => {
    const written = Object.entries(generateReference()).reduce((page, [part, content]) => {
      const [begin, end] = [`<!-- begin of ${part} -->`, `<!-- end of ${part} -->`];
      const [before, rest = ""] = page.split(begin);
      return `${before}${begin}\n\n${content}\n${end}${rest.split(end)[1]}`;
    }, text);
    await expect(written).toMatchFileSnapshot(path);
  });

  it.each(Object.values(exitCodes))("explains the exit code %i", (code) => {
    expect(text).toMatch(new RegExp(`^\\| ${code} \\|`, "m"));
  });
});
