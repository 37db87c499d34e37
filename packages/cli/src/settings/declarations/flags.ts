import type { FlagDeclaration, FlagGroup } from "./declaration.ts";

export const json: FlagDeclaration = { name: "json", meaning: "as JSON" };

/** Flags that need no groups. */
export const flags = (...declarations: readonly FlagDeclaration[]): readonly FlagGroup[] => [
  { title: "Flags", flags: declarations },
];
