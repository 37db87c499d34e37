import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/**
 * The rooms (folders and root files of `src`) of each package, from the top down. A room imports rooms below it, and its own
 * floor.
 */
const floorsOf = {
  cli: [
    ["bin"],
    ["app", "answer", "index"],
    ["main"],
    ["program"],
    ["commands"],
    ["init", "plan", "runs", "doctor"],
    ["framework", "machines", "signals"],
    ["settings"],
    ["modules"],
    ["terminal"],
    ["context"],
  ],
  core: [
    ["index"],
    ["create", "guardian-process"],
    ["machines"],
    ["runs"],
    ["recovery"],
    ["run"],
    ["plan"],
    ["lease", "money"],
    ["adapters", "journal"],
    ["follow", "output"],
    ["api"],
    ["ports", "secrets"],
    ["state"],
    ["hooks", "manifest", "sanitize", "time"],
    ["code"],
    ["http", "spec"],
  ],
};

describe.each(Object.entries(floorsOf))("the rooms of %s", (name, floors) => {
  const arrows = findArrows(name);
  const findFloor = (room: string) => floors.findIndex((floor) => floor.includes(room));

  test("are each assigned to one floor", () => {
    const rooms = new Set(arrows.flatMap(({ from, to }) => [from, to]));
    expect(rooms).toEqual(new Set(floors.flat()));
  });

  test("import only rooms below them", () => {
    expect(
      arrows.filter(({ from, to }) => findFloor(from) > findFloor(to)).map(({ files }) => files),
    ).toEqual([]);
  });

  test("do not import each other", () => expect(findPairs(arrows)).toEqual([]));
});

test("the check finds every form of import", () => {
  const code = `import type { A } from "./a.ts";
export {
  b,
} from "../b.ts";
const c = await import("../c/c.ts");
import "./d.ts";
import { e } from "@unitrain/core";`;
  expect(listImports(code)).toEqual(["./a.ts", "../b.ts", "../c/c.ts", "./d.ts"]);
});

interface Arrow {
  readonly from: string;
  readonly to: string;
  /** `settings/secrets.ts imports terminal/screen/screen.ts`. */
  readonly files: string;
}

function findArrows(name: string): readonly Arrow[] {
  const folder = join(packages, name, "src");
  const files = globSync("**/*.ts", { cwd: folder }).filter((file) => !file.endsWith("test.ts"));
  return files.flatMap((file) =>
    listImports(readFileSync(join(folder, file), "utf8")).flatMap((specifier) => {
      const imported = join(dirname(file), specifier);
      const [from, to] = [getRoom(file), getRoom(imported)];
      return from === to ? [] : [{ from, to, files: `${file} imports ${imported}` }];
    }),
  );
}

function listImports(code: string): readonly string[] {
  return [...code.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"(\.[^"]+)"/g)].map(
    ([, specifier = ""]) => specifier,
  );
}

/** The folder of `src` that holds a file, or the file's name without extension. */
function getRoom(file: string): string {
  return file.split(/[/\\]/)[0]?.replace(/\.ts$/, "") ?? "";
}

function findPairs(arrows: readonly Arrow[]): readonly string[] {
  const directed = new Set(arrows.map(({ from, to }) => `${from} and ${to}`));
  const pairs = arrows.filter(({ from, to }) => from < to && directed.has(`${to} and ${from}`));
  return [...new Set(pairs.map(({ from, to }) => `${from} and ${to}`))].sort();
}
