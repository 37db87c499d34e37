/** The version of this contract. An adapter that says another one is refused before anything starts. */
export type SpecVersion = "v1";

export const specVersion: SpecVersion = "v1";
