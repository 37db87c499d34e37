import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { commandLine } from "@unitrain/framework-script/command-line";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
/** Pages that `npm run docs:build` writes from these files. */
const isGenerated = (file: string) => /^docs[\\/](?:api|packages|contributing\.md|security\.md)/.test(file);
const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md", "examples/**/README.md"], {
  cwd: root,
}).filter((file) => !file.includes("node_modules") && !isGenerated(file));

/** A command line in documentation, without its comment. */
interface DocumentedLine {
  readonly file: string;
  readonly line: string;
}

/** Returns the lines of code blocks, and the inline code, that start with a program. */
function findLines(program: RegExp): readonly DocumentedLine[] {
  return pages.flatMap((file) =>
    read(file)
      .split(/^```.*$/m)
      .flatMap((part, index) =>
        // Every second part is the content of a code block.
        index % 2 === 1 ? part.split("\n") : [...part.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code),
      )
      .map((line) => line.trim().replace(/\s+#.*$/, ""))
      .filter((line) => program.test(line))
      .map((line) => ({ file, line })),
  );
}

/** The flags of each command, from the generated part of docs/cli.md. */
const flagsByCommand = new Map(
  read("docs/cli.md")
    .split(/^### unitrain /m)
    .slice(1)
    .map((chapter) => [
      chapter.split("\n")[0] ?? "",
      new Set([...chapter.matchAll(/`(?:-\w, )?(--[\w-]+)/g)].map(([, flag = ""]) => flag)),
    ]),
);
/** The flags of the framework for any command, which the generated part does not list. */
const scriptFlags = (commandLine.settings ?? []).map(({ flag }) => `--${flag}`);
const commonFlags = new Set(["--help", "--version", "--no-config", "--no-input"]);

/** Returns what is wrong with a command line of unitrain. */
function findFault({ file, line }: DocumentedLine): string | undefined {
  const words = line.replace(/^(?:npx )?(?:unitrain|@unitrain\/cli)\s*/, "").split(/\s+/);
  const name = words[0]?.replace(/^["']/, "") ?? "";
  // Lines such as `unitrain --help`, `unitrain <command> --help` and pasted lines of YOLO name no command.
  if (!/^[a-z]+$/.test(name) || name === "yolo" || name === "detect") return undefined;
  const flags = flagsByCommand.get(name);
  if (flags === undefined) return `${file}: there is no command ${name}: ${line}`;
  const end = words.indexOf("--");
  const own = /--framework script\b|--(?:resume-from|resume-command) /.test(line) ? scriptFlags : [];
  const unknown = (end === -1 ? words : words.slice(0, end))
    .map((word) => /^--[a-z][\w-]*/.exec(word)?.[0])
    .find((flag) => flag !== undefined && !flags.has(flag) && !commonFlags.has(flag) && !own.includes(flag));
  return unknown === undefined ? undefined : `${file}: ${name} has no flag ${unknown}: ${line}`;
}

test("every command and flag of unitrain in the documentation exists", () => {
  const lines = findLines(/^(?:npx )?(?:unitrain|@unitrain\/cli) /);
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.map(findFault).filter((fault) => fault !== undefined)).toEqual([]);
  expect(findFault({ file: "x", line: "unitrain gc --forget" })).toContain("gc has no flag --forget");
  expect(findFault({ file: "x", line: "unitrain tidy" })).toContain("there is no command tidy");
});

test("every script of npm in the documentation exists", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Readonly<Record<string, string>> };
  const names = findLines(/^npm run /).map(({ line }) => /^npm run ([\w:-]+)/.exec(line)?.[1] ?? line);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => scripts[name] === undefined)).toEqual([]);
});
