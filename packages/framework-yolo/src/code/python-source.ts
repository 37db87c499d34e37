/** Names that a Python module defines, read from its text without running Python. */
export interface PythonNames {
  readonly classes: readonly string[];
  readonly functions: readonly string[];
  /** Imported or assigned names, which can be bound to anything. */
  readonly variables: readonly string[];
  /** The module contains `from x import *`, so any name may exist. */
  readonly importsAll: boolean;
}

/** Reads the top-level names of a module; definitions within a top-level `if` or `try` count too. */
export function readPythonNames(source: string): PythonNames {
  const text = removeStrings(source);
  const findAll = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => name);
  const imported = [
    ...text.matchAll(/^[ \t]*(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(?:\(([^)]*)\)|([^\n]*))/gm),
  ];
  const importedNames = imported.flatMap(([, listed, line]) =>
    (listed ?? line ?? "").split(",").map(
      (part) =>
        part
          .trim()
          .split(/\s+as\s+/)
          .at(-1)
          ?.trim() ?? "",
    ),
  );
  return {
    classes: findAll(/^(?:[ \t]*)class[ \t]+(\w+)/gmu),
    functions: findAll(/^(?:async[ \t]+)?def[ \t]+(\w+)/gmu),
    variables: [
      ...findAll(/^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)/gmu),
      ...importedNames.filter((name) => name !== ""),
    ],
    importsAll: importedNames.includes("*"),
  };
}

/** Removes comments and triple-quoted strings, which may contain text that looks like code. */
function removeStrings(source: string): string {
  return source.replace(/("""|''')[\s\S]*?\1|#[^\n]*/g, "");
}
