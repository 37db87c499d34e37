/** Where a command was typed: what relative paths and `$VARIABLES` refer to. */
export interface WorkingPlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working folder, absolute. */
  readonly folder: string;
}
