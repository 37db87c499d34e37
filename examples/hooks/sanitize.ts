import { definePlugin } from "@unitrain/core/spec";

/** Hides the numbers of employees in all output. */
export const hideEmployees = definePlugin({
  name: "hide-employees",
  hooks: { sanitize: (text) => text.replace(/\bE-\d{6}\b/g, "[employee]") },
});
