import type { OwnFlags } from "./generated/flags.ts";

/** The flags that were typed. */
export interface Flags extends OwnFlags {
  /** The flags of a framework, which reads them itself. */
  readonly [ofFramework: string]: unknown;
}
