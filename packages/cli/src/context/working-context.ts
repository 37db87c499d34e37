/** Where a command was typed. Relative paths and environment variables are resolved here. */
export interface WorkingContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly folder: string;
}
