import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { type Finding, UnitrainError } from "@unitrain/core/spec";
import type { CheckedOptions } from "../options/options.ts";

/** What has to be installed, and how: from a lock, a project's dependencies, a list of requirements, or not at all. */
export interface Requirements {
  readonly kind: "lock" | "project" | "list" | "packages" | "none";
  /** The files that the installation reads, by their paths in the folder of the code. The first one names all others. */
  readonly files: Readonly<Record<string, string>>;
  /** The version of Python, as uv takes it; undefined for any. */
  readonly python: string | undefined;
  readonly findings: readonly Finding[];
}

const usualFiles = ["uv.lock", "requirements.txt", "pyproject.toml"];
const largestBytes = 1_000_000;
const mostIncludes = 20;

/** Reads the files of a project that name its packages. Throws `INVALID_OPTIONS` for those that cannot be installed elsewhere. */
export function readRequirements(
  options: Pick<CheckedOptions, "code" | "requirements" | "pip" | "python" | "command">,
): Requirements {
  const { code, requirements } = options;
  const name = requirements ?? usualFiles.find((file) => isUsable(code, file));
  const python = options.python ?? readPythonVersion(code);
  if (name === undefined || name === "none") return withoutFile(options, python, name === "none");
  if (!existsSync(join(code, name)))
    throw invalid(
      `requirements is ${name}, but there is no such file in ${code}.`,
      "Name it by its path in the folder of the code, or write `none` to use the machine's own Python.",
    );
  const file = posix.normalize(name.replaceAll("\\", "/"));
  if (file.startsWith("../") || posix.isAbsolute(file))
    throw invalid(
      `requirements is ${name}, which is outside the folder of the code.`,
      "Move it into that folder.",
    );
  const base = posix.basename(file);
  if (base === "uv.lock") return readLock(code, file, python);
  if (base.endsWith(".toml")) {
    const text = read(code, file);
    return {
      kind: "project",
      files: { [file]: text },
      python: python ?? /^requires-python\s*=\s*["']([^"']+)["']/m.exec(text)?.[1],
      findings: [],
    };
  }
  return { kind: "list", files: readLists(code, file), python, findings: [] };
}

/** Returns a name for the environment that changes with what is installed. */
export function hashRequirements({ kind, files, python }: Requirements, pip: readonly string[]): string {
  const content = JSON.stringify([kind, files, python ?? null, pip]);
  return createHash("sha256").update(content).digest("hex").slice(0, 12);
}

/** A `pyproject.toml` often holds only the settings of tools. */
function isUsable(code: string, file: string): boolean {
  const isFile = statSync(join(code, file), { throwIfNoEntry: false })?.isFile() === true;
  return isFile && (file !== "pyproject.toml" || /^\s*\[project\]/m.test(read(code, file)));
}

function withoutFile(
  { code, pip, command }: Pick<CheckedOptions, "code" | "pip" | "command">,
  python: string | undefined,
  isExplicit: boolean,
): Requirements {
  if (pip.length > 0 || (python !== undefined && !isExplicit))
    return { kind: "packages", files: {}, python, findings: [] };
  const message = `There is no ${usualFiles.join(", ").replace(/, ([^,]*)$/, " or $1")} in ${code}: the command uses the machine's own Python. To install packages, add one, or name them with --pip.`;
  const findings =
    isExplicit || !/\bpython|\bpip\b/.test(command)
      ? []
      : [{ kind: "environment", severity: "warning" as const, file: code, message }];
  return { kind: "none", files: {}, python: undefined, findings };
}

function readLock(code: string, file: string, python: string | undefined): Requirements {
  const project = posix.join(posix.dirname(file), "pyproject.toml");
  if (!existsSync(join(code, project)))
    throw invalid(
      `There is a uv.lock in ${code}, but no pyproject.toml beside it.`,
      "Add the pyproject.toml that it was made from, or name another file with requirements (--requirements requirements.txt).",
    );
  const files = { [file]: read(code, file), [project]: read(code, project) };
  return { kind: "lock", files, python, findings: [] };
}

/** Reads a list and the lists that it includes (`-r more.txt`, `-c constraints.txt`). */
function readLists(code: string, first: string): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const pending = [first];
  for (let file = pending.shift(); file !== undefined; file = pending.shift()) {
    if (file in files) continue;
    if (Object.keys(files).length >= mostIncludes)
      throw invalid(`${first} includes more than ${mostIncludes} other lists.`, "Join them.");
    if (!existsSync(join(code, file)))
      throw invalid(`${first} includes ${file}, but there is no such file in ${code}.`, "Correct the path.");
    const text = read(code, file);
    files[file] = text;
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      const included = /^\s*(?:-r|-c|--requirement|--constraint)[ =]*(\S+)/.exec(line)?.[1];
      if (included !== undefined && !/^https?:/.test(included)) pending.push(toIncluded(file, included));
      else refuseLocal(file, index + 1, line);
    }
  }
  return files;
}

function toIncluded(file: string, included: string): string {
  const path = posix.normalize(posix.join(posix.dirname(file), included));
  if (!path.startsWith("../") && !posix.isAbsolute(included)) return path;
  throw invalid(
    `${file} includes ${included}, which is outside the folder of the code.`,
    "Move it into that folder.",
  );
}

/** The environment is installed while the code is being uploaded, so it cannot contain it. */
function refuseLocal(file: string, line: number, text: string): void {
  const local = /^\s*(?:-e\s*|--editable[ =]\s*)?((?:\.{1,2}|~)?\/\S*|\.|file:\S+)(?:\s|$)/.exec(text)?.[1];
  if (local === undefined) return;
  throw invalid(
    `${file}, line ${line}, installs ${local} from this computer.`,
    "Leave the line out: the folder of the code, and `src` in it, are on PYTHONPATH. Name packages and wheels by URL or version.",
  );
}

function readPythonVersion(code: string): string | undefined {
  const path = join(code, ".python-version");
  if (!existsSync(path)) return undefined;
  const version = readFileSync(path, "utf8").trim().split(/\s/)[0];
  return version === undefined || !/^[\w.-]{1,40}$/.test(version) ? undefined : version;
}

function read(code: string, file: string): string {
  const path = join(code, file);
  const { size } = statSync(path);
  if (size > largestBytes)
    throw invalid(`${path} is larger than 1 MB.`, "Name another file with requirements.");
  const text = readFileSync(path, "utf8");
  // It would be stored with the run, and be visible in the list of processes.
  if (/\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s:/@'"<>]{1,80}:[^\s:/@'"<>${]{3,200}@[\w.[-]/i.test(text))
    throw invalid(
      `${path} contains an address with a password, which would be stored with the run.`,
      "Take it out, and configure the index on the machine (UV_INDEX_URL, netrc).",
    );
  return text;
}

const invalid = (message: string, hint: string) => new UnitrainError("INVALID_OPTIONS", message, { hint });
