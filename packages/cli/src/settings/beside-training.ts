import { ownSettings } from "./generated/settings.ts";

/** Names of settings on the machine, the money and the place: screens show them elsewhere, or no training depends on them. */
export const besideTraining: ReadonlySet<string> = new Set([
  ...ownSettings.filter(({ group }) => group !== "Training").map(({ name }) => name),
  "data",
  "provider",
  "project",
  "exist_ok",
]);
