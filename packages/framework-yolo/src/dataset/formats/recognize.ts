import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { decodeText } from "../decode-text.ts";
import { isImageName } from "../image-names.ts";

/** A dataset in another format than YOLO's. */
export interface DatasetFormat {
  readonly id: keyof typeof formatNames;
  readonly name: string;
  /** The folder that was searched. */
  readonly root: string;
  /** The files that identify the format: annotation files, `obj.data`, or `classes.txt`. */
  readonly files: readonly string[];
}

/** Names of the formats, most specific first: a darknet export, for example, also has a list of classes. */
export const formatNames = {
  coco: "a COCO dataset",
  darknet: "a darknet dataset",
  voc: "a Pascal VOC dataset",
  cvat: "a CVAT dataset",
  "label-studio": "a Label Studio dataset",
  labelme: "a LabelMe dataset",
  labelimg: "a labelImg dataset with classes.txt",
  undivided: "a YOLO dataset without a val split",
  supervisely: "a Supervisely dataset",
  via: "a VGG Image Annotator dataset",
  createml: "a CreateML dataset",
  csv: "a dataset with boxes in a CSV file",
  tfrecord: "a TFRecord dataset",
} as const;

const maxDepth = 4;
const maxFolders = 2_000;
const headBytes = 64 * 1024;

/** Recognizes datasets written by other tools; undefined for other files. */
export function recognizeFormat(path: string): DatasetFormat | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  const root = found?.isFile() ? dirname(path) : path;
  const files = found?.isFile() ? [path] : listFilesBelow(path);
  const byId = new Map<DatasetFormat["id"], string[]>();
  for (const file of files) {
    const id = recognizeFile(file);
    if (id === undefined) continue;
    const same = byId.get(id);
    if (same === undefined) byId.set(id, [file]);
    else same.push(file);
  }
  const id = (Object.keys(formatNames) as DatasetFormat["id"][]).find((format) => byId.has(format));
  return id === undefined ? undefined : { id, name: formatNames[id], root, files: byId.get(id) ?? [] };
}

function recognizeFile(file: string): DatasetFormat["id"] | undefined {
  switch (extname(file).toLowerCase()) {
    case ".json":
      return recognizeJson(readHead(file));
    case ".xml":
      return recognizeXml(readHead(file));
    case ".data":
      return /^\s*(?:train|valid|names)\s*=/m.test(readHead(file)) ? "darknet" : undefined;
    case ".names":
      return "darknet";
    case ".txt":
      return basename(file).toLowerCase() === "classes.txt" ? "labelimg" : undefined;
    case ".csv":
      return /^(?=.*\bxmin\b)(?=.*\b(?:class|label|name)\b)/i.test(readHead(file)) ? "csv" : undefined;
    case ".tfrecord":
      return "tfrecord";
    default:
      return undefined;
  }
}

function recognizeJson(head: string): DatasetFormat["id"] | undefined {
  if (head.includes('"shape_attributes"')) return "via";
  if (head.includes('"classTitle"')) return "supervisely";
  if (/^\uFEFF?\s*\[/.test(head)) {
    if (/"coordinates"\s*:/.test(head) && /"image"\s*:/.test(head)) return "createml";
    const isTask = /"(?:annotations|completions)"\s*:/.test(head) && /"data"\s*:/.test(head);
    return isTask || /"(?:original_width|rectanglelabels|polygonlabels)"\s*:/.test(head)
      ? "label-studio"
      : undefined;
  }
  if (/"shapes"\s*:/.test(head) && /"(?:shape_type|imagePath)"\s*:/.test(head)) return "labelme";
  // Label Studio's notes.json beside YOLO labels lists categories but no images.
  const isComplete = head.length < headBytes;
  if (isComplete && !/"(?:images|annotations)"\s*:/.test(head)) return undefined;
  // The order of the keys differs between tools, and each list may have megabytes.
  const keys = ["images", "annotations", "categories"].filter((key) => head.includes(`"${key}"`));
  return keys.length > 0 && /"(?:file_name|image_id|supercategory|licenses|info|bbox|categories)"/.test(head)
    ? "coco"
    : undefined;
}

function recognizeXml(head: string): DatasetFormat["id"] | undefined {
  if (/<annotations[\s>]/.test(head)) return "cvat";
  return /<annotation[\s>]/.test(head) ? "voc" : undefined;
}

function readHead(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const head = Buffer.alloc(headBytes);
    return decodeText(head.subarray(0, readSync(handle, head, 0, headBytes, 0)));
  } catch {
    return "";
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Lists files a few levels deep, except for images. */
function listFilesBelow(folder: string): readonly string[] {
  const files: string[] = [];
  let level = [folder];
  let folders = 0;
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const path of level) {
      if (++folders > maxFolders) return files;
      for (const entry of listEntries(path)) {
        if (entry.name.startsWith(".") || entry.name === "__MACOSX") continue;
        if (entry.isDirectory()) next.push(join(path, entry.name));
        else if (entry.isFile() && !isImageName(entry.name)) files.push(join(path, entry.name));
      }
    }
    level = next;
  }
  return files;
}

function listEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
