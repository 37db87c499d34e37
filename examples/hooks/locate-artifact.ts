import { definePlugin } from "@unitrain/core/spec";

/** Takes the averaged weights, if the training wrote them, instead of the best epoch. */
export const preferAveragedWeights = definePlugin({
  name: "prefer-averaged-weights",
  hooks: {
    locateArtifact({ root, files }) {
      const averaged = files.filter(({ path }) => path === `${root}/weights/averaged.model`);
      return averaged.length > 0 ? averaged : undefined; // undefined: the framework finds the model
    },
  },
});
