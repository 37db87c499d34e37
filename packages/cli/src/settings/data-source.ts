import { existsSync } from "node:fs";
import type { DataSource } from "@unitrain/core";
import { pathFrom } from "./paths.ts";

/** A path, as seen from a folder; a bare `coco8.yaml` that is not a file is a set the framework knows. */
export function dataSource(data: string, folder: string): DataSource {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(data)) return { kind: "url", url: data, sha256: "" };
  const path = pathFrom(data, folder);
  if (/^[\w.-]+\.ya?ml$/i.test(data) && !existsSync(path)) return { kind: "named", name: data };
  return { kind: "local", path };
}
