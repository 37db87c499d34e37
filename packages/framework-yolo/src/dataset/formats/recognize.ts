import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { isImageName } from "../image-names.ts";

/** How a dataset is written that is not in YOLO's own form. */
export interface DatasetFormat {
  readonly id: "coco" | "voc" | "darknet" | "labelimg" | "cvat" | "label-studio";
  readonly name: string;
  /** The folder that was looked through. */
  readonly root: string;
  /** The files that show it: annotation files, or `obj.data`, or `classes.txt`. */
  readonly files: readonly string[];
}

const names: Readonly<Record<DatasetFormat["id"], string>> = {
  coco: "a COCO dataset",
  voc: "a Pascal VOC dataset",
  darknet: "a darknet dataset",
  labelimg: "a labelImg dataset with classes.txt",
  cvat: "a CVAT dataset",
  "label-studio": "a Label Studio dataset",
};

const deepest = 4;
const mostFolders = 2_000;
const headBytes = 64 * 1024;

/** Recognizes the forms that other tools write. Undefined when it is none of them. */
export function recognizeFormat(path: string): DatasetFormat | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  const root = found?.isFile() ? dirname(path) : path;
  const files = found?.isFile() ? [path] : filesBelow(path);
  const byId = new Map<DatasetFormat["id"], string[]>();
  for (const file of files) {
    const id = idOf(file);
    if (id === undefined) continue;
    const same = byId.get(id);
    if (same === undefined) byId.set(id, [file]);
    else same.push(file);
  }
  // What says most comes first: a darknet export has a list of classes too.
  const order = ["coco", "darknet", "voc", "cvat", "label-studio", "labelimg"] as const;
  const id = order.find((one) => byId.has(one));
  return id === undefined ? undefined : { id, name: names[id], root, files: byId.get(id) ?? [] };
}

function idOf(file: string): DatasetFormat["id"] | undefined {
  switch (extname(file).toLowerCase()) {
    case ".json":
      return jsonKind(headOf(file));
    case ".xml":
      return xmlKind(headOf(file));
    case ".data":
      return /^\s*(?:train|valid|names)\s*=/m.test(headOf(file)) ? "darknet" : undefined;
    case ".names":
      return "darknet";
    case ".txt":
      return basename(file).toLowerCase() === "classes.txt" ? "labelimg" : undefined;
    default:
      return undefined;
  }
}

function jsonKind(head: string): DatasetFormat["id"] | undefined {
  if (/^\s*\[/.test(head)) return /"(?:annotations|completions)"\s*:/.test(head) ? "label-studio" : undefined;
  // Which of the keys come first differs, and each may be a list of megabytes.
  const keys = ["images", "annotations", "categories"].filter((key) => head.includes(`"${key}"`));
  return keys.length > 0 && /"(?:file_name|image_id|supercategory|licenses|info|bbox|categories)"/.test(head)
    ? "coco"
    : undefined;
}

function xmlKind(head: string): DatasetFormat["id"] | undefined {
  if (/<annotations[\s>]/.test(head)) return "cvat";
  return /<annotation[\s>]/.test(head) ? "voc" : undefined;
}

function headOf(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const head = Buffer.alloc(headBytes);
    return head.toString("utf8", 0, readSync(handle, head, 0, headBytes, 0));
  } catch {
    return "";
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** All but images and plain labels, a few levels deep. */
function filesBelow(folder: string): readonly string[] {
  const files: string[] = [];
  let level = [folder];
  let folders = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth++) {
    const next: string[] = [];
    for (const path of level) {
      if (++folders > mostFolders) return files;
      for (const entry of entriesOf(path)) {
        if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
        if (entry.isDirectory()) next.push(join(path, entry.name));
        else if (entry.isFile() && !isImageName(entry.name)) files.push(join(path, entry.name));
      }
    }
    level = next;
  }
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
