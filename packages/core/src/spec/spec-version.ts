/** The version of the contract. Core refuses an adapter with another version before anything starts. */
export type SpecVersion = "v1";

/** The version of the contract that this package implements. */
export const specVersion: SpecVersion = "v1";
