/** What a module of Python offers under a name, as far as its text tells: nothing is run, and no Python is needed. */
export interface PythonNames {
  readonly classes: readonly string[];
  readonly functions: readonly string[];
  /** Whatever is imported or assigned: it may be anything. */
  readonly variables: readonly string[];
  /** `from x import *`: any name may come from there. */
  readonly importsAll: boolean;
}

/** Reads the names at the top level of a module; those within a top-level `if` or `try` count as classes and functions too. */
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

/** Comments and long strings could hold what looks like code. */
function removeStrings(source: string): string {
  return source.replace(/("""|''')[\s\S]*?\1|#[^\n]*/g, "");
}
