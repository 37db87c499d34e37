/**
 * How another process (`attach`, `gc`, a guardian) makes an adapter again: `(await import(module))[exportName](options)`.
 * It is written to disk: `options` is JSON and holds no secret, `secrets` lists names of environment variables only.
 */
export interface AdapterRecipe {
  /** What `import()` is given: a package name, or an absolute `file:` URL. */
  readonly module: string;
  /** The exported factory. */
  readonly exportName: string;
  /** JSON, handed to the factory unchanged. */
  readonly options: unknown;
  readonly secrets: readonly string[];
}
