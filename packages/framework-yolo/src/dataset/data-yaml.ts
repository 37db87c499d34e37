/** A parsed data.yaml; `names` are the texts in the file. */
export interface DataYaml {
  readonly file: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Returns the line (from 1) of a key; undefined when the key is absent. */
  getLine(key: string): number | undefined;
}
