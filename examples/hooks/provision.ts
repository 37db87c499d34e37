import { definePlugin } from "@unitrain/core/spec";

/** Takes a machine that an earlier run has kept, instead of renting another one. */
export const reuseKeptMachines = definePlugin({
  name: "reuse-kept-machines",
  hooks: {
    provision({ keptMachines, gpu = "" }) {
      const fitting = keptMachines.find(({ machine }) => machine.includes(gpu));
      return fitting && { leaseId: fitting.leaseId }; // undefined: the next plugin, else the provider, decides
    },
  },
});
