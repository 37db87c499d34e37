import { ownSettings } from "./generated/settings.ts";

/** Names of settings that are not options of the training, such as the machine, the budget and the folder. Screens show them elsewhere or not at all. */
export const settingsOutsideTraining: ReadonlySet<string> = new Set([
  ...ownSettings.filter(({ group }) => group !== "Training").map(({ name }) => name),
  "data",
  "provider",
  "project",
  "exist_ok",
]);
