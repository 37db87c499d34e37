import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { readPickle } from "./model-pickle.ts";

/** Tasks by the name of a structure's last module. */
const heads: readonly (readonly [RegExp, string])[] = [
  [/^(?:classif|cls$|fc$)/i, "classify"],
  [/segment/i, "segment"],
  [/semantic/i, "semantic"],
  [/pose/i, "pose"],
  [/obb/i, "obb"],
  [/depth/i, "depth"],
  [/detect|rtdetrdecoder/i, "detect"],
];

/** Reads the task of weights or of a model structure; undefined when the file does not tell. */
export async function readModelTask(path: string): Promise<string | undefined> {
  try {
    return /\.ya?ml$/i.test(path)
      ? readStructureTask(await readFile(path, "utf8"))
      : await readWeightsTask(path);
  } catch {
    // The file cannot be parsed here. Ultralytics reports it.
    return undefined;
  }
}

function readStructureTask(text: string): string | undefined {
  const head: unknown = parse(text, { logLevel: "silent" })?.head;
  const last: unknown = Array.isArray(head) ? head.at(-1) : undefined;
  const name: unknown = Array.isArray(last) ? last.at(-2) : undefined;
  return typeof name === "string" ? heads.find(([pattern]) => pattern.test(name))?.[1] : undefined;
}

/** Matches the pickled key `task` with its value; each string is preceded by its length. */
const pickledTask = /X.{4}task(?:q.|r.{4})X(.).{3}([a-z]{3,8})/s;

/**
 * Searches the arguments that Ultralytics stores with the weights. The pickle is only searched, never loaded, because
 * it could run code.
 */
async function readWeightsTask(path: string): Promise<string | undefined> {
  const [, length = "", word = ""] = pickledTask.exec((await readPickle(path)).toString("latin1")) ?? [];
  return length === "" ? undefined : word.slice(0, length.charCodeAt(0));
}
