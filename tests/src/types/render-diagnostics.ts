import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What the compiler says about a program. */
export interface RenderedDiagnostic {
  /** The first line of the message, with the code of the line at which it points. */
  readonly firstLine: string;
  /** The source text that it underlines. */
  readonly at: string;
  /** The number of lines below the first one. */
  readonly depth: number;
}

const folder = fileURLToPath(new URL(".", import.meta.url));

/** Compiles each program as a module beside this file, and returns the diagnostics of each. Checks nothing else. */
export function renderDiagnostics(programs: readonly string[]): readonly (readonly RenderedDiagnostic[])[] {
  const files = new Map(programs.map((code, at) => [join(folder, `mistake-${at}.ts`), code]));
  const { config } = ts.readConfigFile(join(folder, "../../../tsconfig.base.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, folder);
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, settings) => {
    const code = files.get(path);
    return code === undefined ? getSourceFile(path, settings) : ts.createSourceFile(path, code, settings);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((path) => {
    const file = program.getSourceFile(path);
    return program.getSemanticDiagnostics(file).map(({ messageText, start = 0, length = 0 }) => ({
      firstLine: ts.flattenDiagnosticMessageText(messageText, "\n").split("\n")[0] ?? "",
      at: (file?.text ?? "").slice(start, start + length),
      depth: countLines(messageText) - 1,
    }));
  });
}

function countLines(message: string | ts.DiagnosticMessageChain): number {
  return ts.flattenDiagnosticMessageText(message, "\n").split("\n").length;
}
