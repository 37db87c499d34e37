import { readFileSync, statSync } from "node:fs";

const maxBytes = 10 * 1024 * 1024;

/** A YAML file that describes a dataset. */
export interface DatasetYaml {
  readonly file: string;
  /** Number of classes; undefined when the file does not tell. */
  readonly classes: number | undefined;
  /** Paths of its splits, as far as they are text. */
  readonly sources: readonly string[];
}

/**
 * Reads a YAML file if it describes a dataset, which has `train` or `val`, and `names` or `nc`. Returns undefined for
 * other files beside datasets, such as conda's environment.yml, hyp.yaml or those of a CI service.
 */
export async function readDatasetYaml(file: string): Promise<DatasetYaml | undefined> {
  const values = await readValues(file);
  if (values === undefined) return undefined;
  const has = (key: string) => values[key] !== undefined && values[key] !== null;
  if (!(has("train") || has("val")) || !(has("names") || has("nc"))) return undefined;
  const { names, nc } = values;
  const count = typeof names === "object" && names !== null ? Object.keys(names).length : Number(nc);
  const sources = [values.train, values.val].flat().filter((source) => typeof source === "string");
  return { file, classes: Number.isInteger(count) ? count : undefined, sources };
}

async function readValues(file: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { parseYaml } = await import("./yaml-text.ts");
  try {
    const found = statSync(file);
    if (!found.isFile() || found.size > maxBytes) return undefined;
    const { document, error } = parseYaml(readFileSync(file));
    const values: unknown = error === undefined ? document.toJS() : undefined;
    const isMap = typeof values === "object" && values !== null && !Array.isArray(values);
    return isMap ? (values as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
