import type { OwnFlags } from "./generated/flags.ts";

/** What was typed as flags. */
export interface Flags extends OwnFlags {
  /** Those of a framework, which reads them itself. */
  readonly [ofFramework: string]: unknown;
}
