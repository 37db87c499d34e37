/** A block of TypeScript in documentation. */
export interface CodeBlock {
  /** The file that holds it, relative to the root of the repository. */
  readonly file: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly code: string;
}

/** Returns the `ts` blocks of a Markdown file, or of the docstrings of a source file. */
export function codeBlocksIn(file: string, text: string): readonly CodeBlock[] {
  return [...text.matchAll(fenced)].map(({ index, groups }) => ({
    file,
    line: text.slice(0, index).split("\n").length,
    code: (groups?.body ?? "")
      .split("\n")
      .map((line) => line.slice((groups?.indent ?? "").length))
      .join("\n"),
  }));
}

/** The indent is spaces in Markdown, and ` * ` in a docstring, without its last space where a line is empty. */
const fenced = /^(?<indent>[ \t]*(?:\* )?)```ts\r?\n(?<body>[\s\S]*?)^[ \t]*(?:\* )?```$/gm;
