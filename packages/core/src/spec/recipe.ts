/**
 * How another process (`attach`, `gc`, a guardian) creates an adapter: `(await import(module))[exportName](options)`. It is written
 * to disk, so `options` must not contain secrets.
 */
export interface AdapterRecipe {
  /** The argument of `import()`: a package name, or an absolute `file:` URL. */
  readonly module: string;
  /** The folder in which the package is installed; by default the one in which the run was started. */
  readonly folder?: string;
  /** The name of the exported factory. */
  readonly exportName: string;
  /** The options of the factory, as JSON. */
  readonly options: unknown;
  /** The names of the environment variables that the adapter reads its secrets from. */
  readonly secrets: readonly string[];
}
