import { existsSync } from "node:fs";
import type { DataSource } from "@unitrain/core";
import { resolvePath } from "./resolve-path.ts";

/** Reads the name of a dataset: a URL, a path relative to a folder, or a bare name such as `coco8.yaml` of a dataset that the framework knows. */
export function parseDataSource(data: string, folder: string): DataSource {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(data)) return { kind: "url", url: data, sha256: "" };
  const path = resolvePath(data, folder);
  if (/^[\w.-]+\.ya?ml$/i.test(data) && !existsSync(path)) return { kind: "named", name: data };
  return { kind: "local", path };
}
