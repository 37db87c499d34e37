import { UnitrainError } from "@unitrain/core/spec";
import type { AdapterKind } from "./adapter-kind.ts";
import { findNameClash } from "./template-files.ts";

/** The name of an adapter in the forms that its package uses. */
export interface AdapterName {
  /** `gpu-desk` */
  readonly word: string;
  /** `unitrain-provider-gpu-desk`, or `@me/unitrain-provider-gpu-desk` */
  readonly packageName: string;
  readonly isScoped: boolean;
  /** `gpuDesk` */
  readonly identifier: string;
}

/** The words that `--on` and `--framework` do not look up among the packages of a project. */
const reserved: Readonly<Record<AdapterKind, readonly string[]>> = {
  provider: ["local", "ssh", "run", "cheapest", "canopywave", "lambda", "runpod"],
  framework: ["yolo", "script"],
  transport: ["ssh", "posix", "local"],
  plugin: [],
};

/** npm refuses longer names of packages. */
const maxPackageNameLength = 214;

/**
 * Reads the name of an adapter: `desk`, `@me/desk`, or the whole name of the package.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a name that cannot be one of a package and of a function.
 */
export function readAdapterName(kind: AdapterKind, text: string): AdapterName {
  const [, scope = "", rest = ""] = /^(@[^/]*\/)?(.*)$/s.exec(text) ?? [];
  const prefix = `unitrain-${kind}-`;
  const word = rest.startsWith(prefix) ? rest.slice(prefix.length) : rest;
  const identifier = word.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const packageName = `${scope}${prefix}${word}`;
  const fault = findFault({ kind, scope, word, identifier, packageName });
  if (fault === undefined) return { word, packageName, isScoped: scope !== "", identifier };
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${JSON.stringify(text)} is not a name for a ${kind}: ${fault}.`,
    {
      hint: "Use lower-case letters, digits and single dashes, as in gpu-desk or @me/gpu-desk.",
    },
  );
}

function findFault({
  kind,
  scope,
  word,
  identifier,
  packageName,
}: {
  readonly kind: AdapterKind;
  readonly scope: string;
  readonly word: string;
  readonly identifier: string;
  readonly packageName: string;
}): string | undefined {
  if (word === "") return "it is empty";
  if (scope !== "" && !/^@[a-z\d][a-z\d._-]*\/$/.test(scope))
    return `npm does not allow the scope ${scope.slice(0, -1)}`;
  if (!/^[a-z]/.test(word)) return "it does not begin with a lower-case letter";
  if (!/^[a-z\d]+(-[a-z\d]+)*$/.test(word))
    return "it has other characters than lower-case letters, digits and single dashes";
  if (packageName.length > maxPackageNameLength)
    return `the name of its package would have more than ${maxPackageNameLength} characters`;
  if (reserved[kind].includes(word)) return "unitrain uses this word itself";
  if (findNameClash(kind, identifier)) return `the generated code uses the word ${identifier} otherwise`;
  return undefined;
}
