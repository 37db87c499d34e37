import type { Options } from "tsup";
import ts from "typescript";

const declarationStart = /^(?:async )?function/;
const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * Lets Node compile all functions of some files when it compiles the files, which it does once and keeps (`module.enableCompileCache`).
 * It would else compile each function anew at the first call in each process, which took 10 of the 115 ms of a plan.
 *
 * V8 does so for a function in parentheses (https://v8.dev/blog/preparser). So declarations become variables, and move to the
 * beginning of the file, because a declaration can be used above its place.
 */
export const compileFunctionsAhead = (
  files: readonly string[],
  seldomCalled?: RegExp,
): NonNullable<Options["plugins"]>[number] => ({
  name: "functions are compiled ahead",
  renderChunk: (code, { path }) =>
    files.some((file) => path.endsWith(`/dist/${file}`))
      ? moveFunctions(code, path, seldomCalled)
      : undefined,
});

function moveFunctions(code: string, path: string, seldomCalled: RegExp | undefined) {
  const lines = code.split("\n");
  const file = ts.createSourceFile(path, code, ts.ScriptTarget.ESNext);
  const moved: number[] = [];
  for (const { start, end } of findArrowFunctions(file).reverse()) {
    insert(lines, file.getLineAndCharacterOfPosition(end), ")");
    insert(lines, file.getLineAndCharacterOfPosition(start), "(");
  }
  for (const statement of file.statements) {
    if (!ts.isFunctionDeclaration(statement) || statement.name === undefined) continue;
    const { line: first } = file.getLineAndCharacterOfPosition(statement.getStart(file));
    const { line: last } = file.getLineAndCharacterOfPosition(statement.getEnd());
    if (!declarationStart.test(lines[first] ?? "") || !lines[last]?.endsWith("}")) continue;
    if (seldomCalled?.test(findModule(lines, first))) continue;
    lines[first] = `var ${statement.name.text} = (${lines[first]}`;
    lines[last] = `${lines[last]});`;
    for (let line = first; line <= last; line++) moved.push(line);
  }
  const others = new Set(lines.keys()).difference(new Set(moved));
  const order = [...moved, ...others];
  return { code: order.map((line) => lines[line]).join("\n"), map: mapLines(order, path) };
}

/** Returns the comment with the path of the module that a line is from, which esbuild writes above each module. */
const findModule = (lines: readonly string[], line: number): string =>
  lines.slice(0, line).findLast((text) => /^\/\/ (?:src|\.\.)\//.test(text)) ?? "";

/** Finds the arrow functions that variables of a file hold. They can stay where they are. */
function findArrowFunctions(file: ts.SourceFile) {
  return file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => declarationList.declarations)
    .flatMap(({ initializer }) =>
      initializer !== undefined && ts.isArrowFunction(initializer) ? initializer : [],
    )
    .map((arrow) => ({ start: arrow.getStart(file), end: arrow.getEnd() }));
}

function insert(lines: string[], { line, character }: ts.LineAndCharacter, text: string): void {
  const whole = lines[line] ?? "";
  lines[line] = whole.slice(0, character) + text + whole.slice(character);
}

/** Creates a source map of a file whose lines were reordered. */
function mapLines(order: readonly number[], path: string) {
  let previous = 0;
  const mappings = order.map((line) => {
    const segment = `AA${encodeNumber(line - previous)}A`;
    previous = line;
    return segment;
  });
  return { version: 3, file: path, sources: [path], names: [], mappings: mappings.join(";") };
}

/** Encodes a number as source maps do: five bits per digit, the sign in the lowest bit. */
function encodeNumber(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = "";
  do {
    const digit = rest % 32;
    rest = Math.floor(rest / 32);
    text += base64[rest > 0 ? digit + 32 : digit];
  } while (rest > 0);
  return text;
}
