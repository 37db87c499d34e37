import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exitCodes } from "../src/context/exit-code.ts";
import { configKeys } from "../src/settings/config/check-config.ts";
import { commandReference } from "./reference.ts";

const path = fileURLToPath(new URL("../../../docs/cli.md", import.meta.url));
const text = await readFile(path, "utf8");

describe("docs/cli.md", () => {
  it("has the commands and flags as they are (vitest -u writes them)", async () => {
    const [before, , after] = text.split(/<!-- (?:begin|end) of commands -->/);
    const marks = ["<!-- begin of commands -->", "<!-- end of commands -->"] as const;
    await expect(`${before}${marks[0]}\n\n${commandReference()}\n${marks[1]}${after}`).toMatchFileSnapshot(
      path,
    );
  });

  it.each(configKeys)("explains the key %s of unitrain.config.ts", (key) => {
    expect(text).toMatch(new RegExp(`^\\| \`${key}\` \\|`, "m"));
  });

  it.each(Object.values(exitCodes))("explains the exit code %i", (code) => {
    expect(text).toMatch(new RegExp(`^\\| ${code} \\|`, "m"));
  });
});
