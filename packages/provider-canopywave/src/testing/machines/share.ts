/** A folder of this computer that every machine sees. */
export interface Share {
  /** Here. */
  readonly from: string;
  /** There. */
  readonly to: string;
  /** `read` (default): it cannot be changed there. `write`: it is one and the same. */
  readonly how: "read" | "write";
}
