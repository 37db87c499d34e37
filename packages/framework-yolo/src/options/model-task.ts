import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { readPickle } from "./model-pickle.ts";

/** Of a structure's last module, by how its name begins. */
const heads: readonly (readonly [RegExp, string])[] = [
  [/^(?:classif|cls$|fc$)/i, "classify"],
  [/segment/i, "segment"],
  [/semantic/i, "semantic"],
  [/pose/i, "pose"],
  [/obb/i, "obb"],
  [/depth/i, "depth"],
  [/detect|rtdetrdecoder/i, "detect"],
];

/** The task that weights were trained for, or that a structure is made for; undefined when the file does not tell. */
export async function readModelTask(path: string): Promise<string | undefined> {
  try {
    return /\.ya?ml$/i.test(path)
      ? readStructureTask(await readFile(path, "utf8"))
      : await readWeightsTask(path);
  } catch {
    // Not ours to judge here: Ultralytics will say what it cannot read.
    return undefined;
  }
}

function readStructureTask(text: string): string | undefined {
  const head: unknown = parse(text, { logLevel: "silent" })?.head;
  const last: unknown = Array.isArray(head) ? head.at(-1) : undefined;
  const name: unknown = Array.isArray(last) ? last.at(-2) : undefined;
  return typeof name === "string" ? heads.find(([pattern]) => pattern.test(name))?.[1] : undefined;
}

/** As pickled: the text `task`, remembered, then its value; each with its length before it. */
const pickledTask = /X.{4}task(?:q.|r.{4})X(.).{3}([a-z]{3,8})/s;

/** Out of the arguments that Ultralytics keeps with them. The pickle is looked at, never loaded: it could run code. */
async function readWeightsTask(path: string): Promise<string | undefined> {
  const [, length = "", word = ""] = pickledTask.exec((await readPickle(path)).toString("latin1")) ?? [];
  return length === "" ? undefined : word.slice(0, length.charCodeAt(0));
}
