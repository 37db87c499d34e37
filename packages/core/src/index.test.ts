import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A declaration that an entry point exports. */
interface Export {
  readonly name: string;
  readonly source: string;
}

const reexport = /^export (?:type )?(?:\{([^}]*)\}|\*) from "([^"]+)";/gm;

/** Returns the exports of a module that consists of re-exports. */
function listExports(module: URL): readonly Export[] {
  return [...readFileSync(module, "utf8").matchAll(reexport)].flatMap(([, names, path = ""]) => {
    const target = new URL(path, module);
    if (names === undefined) return listExports(target);
    const source = readFileSync(target, "utf8");
    return names
      .split(",")
      .map((name) =>
        name
          .trim()
          .replace(/^type /, "")
          .replace(/ as .*$/, ""),
      )
      .filter((name) => name !== "")
      .map((name) => ({ name, source }));
  });
}

/** Whether a docstring stands directly above the declaration of a name. */
function hasDocstring({ name, source }: Export): boolean {
  const declaration = new RegExp(
    `^export (?:declare )?(?:async )?(?:function\\*?|const|class|interface|type) ${name}\\b`,
    "m",
  );
  const at = source.search(declaration);
  if (at === -1) throw new Error(`No declaration of ${name} was found.`);
  const above = source.slice(0, at);
  return above.endsWith("*/\n") && above.startsWith("/**", above.lastIndexOf("/*"));
}

test.each(["./index.ts", "./spec/index.ts", "./http/index.ts"])(
  "every export of %s has a docstring",
  (path) => {
    const exported = listExports(new URL(path, import.meta.url));
    expect(exported.length).toBeGreaterThan(3);
    expect(exported.filter((entry) => !hasDocstring(entry)).map(({ name }) => name)).toEqual([]);
  },
);

test("a declaration without a docstring is found", () => {
  const source = "/** Documents a. */\nexport const a = 1;\nexport const b = 2;\n";
  expect([hasDocstring({ name: "a", source }), hasDocstring({ name: "b", source })]).toEqual([true, false]);
});
