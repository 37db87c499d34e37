import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getExitCode } from "@unitrain/cli";
import type { ErrorCode } from "@unitrain/core";
import { expect, it } from "vitest";
import { root } from "./compile.ts";

const path = join(root, "docs/errors.md");
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** The codes of each group, by the comments in the type that declares them. */
function readGroups(): readonly { readonly title: string; readonly codes: readonly ErrorCode[] }[] {
  const declaration =
    /export type ErrorCode =([\s\S]*?);/.exec(read("packages/core/src/spec/error.ts"))?.[1] ?? "";
  return declaration
    .split("// ")
    .slice(1)
    .map((part) => ({
      title: part.slice(0, part.indexOf(".\n")),
      codes: [...part.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code as ErrorCode),
    }));
}

it("docs/errors.md lists the codes with their exit codes (vitest -u writes them)", async () => {
  const [begin, end] = ["<!-- begin of codes -->", "<!-- end of codes -->"];
  const page = read("docs/errors.md");
  const [before, rest = ""] = page.split(begin);
  const tables = readGroups().map(({ title, codes }) => {
    const rows = codes.map((code) => {
      const anchor = code.toLowerCase().replaceAll("_", "-");
      const meaning = new RegExp(`^## ${code}\\n\\n([\\s\\S]*?[.:])(?:\\s|$)`, "m").exec(page)?.[1] ?? "";
      const cells = [
        `[\`${code}\`](#${anchor})`,
        getExitCode({ error: { code } }),
        meaning.replaceAll("\n", " ").replace(/:$/, "."),
      ];
      return `| ${cells.join(" | ")} |`;
    });
    return ["", `**${title}**`, "", "| code | exit code | meaning |", "| --- | --- | --- |", ...rows].join(
      "\n",
    );
  });
  expect(tables.length).toBeGreaterThan(5);
  const written = `${before}${begin}\n${tables.join("\n")}\n\n${end}${rest.split(end)[1]}`;
  await expect(written).toMatchFileSnapshot(path);
});

it("every code is used in the source of a package", () => {
  const codes = readGroups().flatMap((group) => group.codes);
  expect(codes.length).toBeGreaterThan(40);
  // The contract declares every code, and the command line maps codes to exit codes.
  const sources = globSync("packages/*/src/**/*.ts", { cwd: root }).filter(
    (file) => !/[.-]test\.ts$|spec\/error\.ts$|exit-code\.ts$/.test(file),
  );
  const text = sources.map(read).join("\n");
  expect(codes.filter((code) => !text.includes(`"${code}"`))).toEqual([]);
});
