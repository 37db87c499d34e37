import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const sources = globSync("*/src/**/*.ts", { cwd: packages });
const findZodImports = (file: string) =>
  readFileSync(packages + file, "utf8").match(/^import (?!type\b).* from "zod.*$/gm);

test("zod is imported in the form that builds can tree-shake", () => {
  const importing = sources.filter((file) => findZodImports(file) !== null);
  expect(importing.length).toBeGreaterThan(5);
  const wrong = importing.filter(
    (file) => !/^import \* as z from "zod(?:\/mini)?";$/.test(String(findZodImports(file))),
  );
  expect(wrong).toEqual([]);
});

test("`unitrain plan` on this computer, and names and help, load no zod", () => {
  // In framework-yolo only the converters of `unitrain init` use it, which are in their own file.
  const light = /^(?:cli|core|provider-local|transport-posix|framework-yolo)\/src\/(?!convert\/)/;
  const importing = sources.filter((file) => light.test(file) && findZodImports(file) !== null);
  expect(importing.filter((file) => !ofConfigCheck.test(file))).toEqual([]);
});

/** The table of settings and the check of a configuration, which are one file when built. */
const ofConfigCheck = /^cli\/src\/settings\/(?:table\/|config\/(?:check-config|describe-type)\.ts$)/;

test("the check of a configuration, which uses zod, is imported only when there is a configuration", () => {
  const arrows = sources
    .filter((file) => file.startsWith("cli/src/") && !file.endsWith(".test.ts") && !ofConfigCheck.test(file))
    .flatMap((file) =>
      [
        ...readFileSync(packages + file, "utf8").matchAll(
          /^(?:import|export) (?!type\b)[^;]*? from "(.+)";$/gm,
        ),
      ].map(([, to]) => to ?? ""),
    );
  expect(arrows.length).toBeGreaterThan(200);
  expect(arrows.filter((to) => /table\/(?!table-)|check-config|describe-type\.ts/.test(to))).toEqual([]);
  expect(readFileSync(`${packages}cli/src/settings/config/load-config.ts`, "utf8")).toContain(
    'await import("#check-config")',
  );
});
