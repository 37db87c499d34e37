import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { readPickle } from "./model-pickle.ts";
import type { CheckedOptions } from "./options.ts";
import { listPickleGlobals, type PickleGlobal } from "./pickle-globals.ts";

/** Modules of Ultralytics and its dependencies. */
const installedNames =
  "ultralytics ultralytics_thop thop torch torchvision numpy scipy cv2 PIL yaml matplotlib polars pandas psutil requests tqdm sympy networkx packaging typing_extensions";

/** Modules of Python's standard library whose objects may be part of a model. */
const standardNames =
  "abc argparse array ast base64 builtins __builtin__ codecs _codecs collections _collections contextlib copy copyreg copy_reg dataclasses datetime decimal enum fractions functools _functools gzip hashlib heapq importlib inspect io _io ipaddress itertools json logging math multiprocessing numbers operator _operator os ntpath pathlib pickle posixpath queue random _random re socket statistics string struct sys tempfile textwrap threading time types typing unittest urllib uuid warnings weakref zlib zoneinfo";

const installedModules = new Set(`${installedNames} ${standardNames}`.split(" "));

/**
 * Rejects a model whose classes will be missing on the machine, because they belong to code of the user that is not
 * uploaded. Skips the check when extra packages are requested, which may contain anything. Throws `INVALID_OPTIONS`.
 */
export async function refuseMissingCode(key: string, name: string, options: CheckedOptions): Promise<void> {
  if (options.pip.length > 0) return;
  const missing = (await readGlobals(resolve(name))).find(
    (reference) => !isAvailable(reference, options.code),
  );
  if (missing !== undefined) throw createMissingError(key, name, missing, options.code);
}

async function readGlobals(path: string): Promise<readonly PickleGlobal[]> {
  try {
    return listPickleGlobals(await readPickle(path));
  } catch {
    // The file cannot be parsed here. Ultralytics reports it.
    return [];
  }
}

function isAvailable({ module }: PickleGlobal, code: string | undefined): boolean {
  const [first = "", ...rest] = module.split(".");
  if (installedModules.has(first)) return true;
  if (code === undefined) return false;
  const path = join(resolve(code), first, ...rest);
  return existsSync(`${path}.py`) || existsSync(path);
}

function createMissingError(
  key: string,
  name: string,
  { module, name: className }: PickleGlobal,
  code: string | undefined,
): UnitrainError {
  const requirement = `${key}=${name} needs the class ${className} of the Python module ${module}`;
  const createError = (reason: string, hint: string) =>
    new UnitrainError("INVALID_OPTIONS", `${requirement}, ${reason}.`, { hint });
  if (module === "__main__") {
    return createError(
      "the script that saved it, which no other program can load it from",
      "Move the class into a module of its own, save the model again, and ship the module's folder with `code` (--code ./folder).",
    );
  }
  if (/^models\.(?:yolo|common|experimental)$/.test(module)) {
    return createError(
      "as models of the YOLOv5, v7 and v9 repositories do",
      "Ultralytics cannot train those: take one of its own models, such as yolov5nu.pt or yolo11n.pt.",
    );
  }
  if (code === undefined) {
    return createError(
      "which is not a part of Ultralytics and would not be on the machine",
      `Ship the folder with your own code with \`code\` (--code ./folder); if it is a package, name it with \`pip\` (--pip ${module.split(".")[0]}).`,
    );
  }
  return createError(
    `which is not in ${code}`,
    `Name the folder that holds ${module.split(".")[0]}, so that \`import ${module}\` works from there.`,
  );
}
