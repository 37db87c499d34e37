import type { HookKinds, HookName } from "../spec/index.ts";

/** The kind of each hook, once more for the running program; the type holds it to `HookKinds`. */
export const hookKinds: { readonly [Name in HookName]: HookKinds[Name]["kind"] } = {
  provision: "first",
  readyCheck: "all",
  ship: "waterfall",
  run: "waterfall",
  locateArtifact: "first",
  sanitize: "waterfallSync",
};

export const hookNames = Object.keys(hookKinds) as readonly HookName[];
