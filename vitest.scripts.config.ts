import { defineConfig } from "vitest/config";
import { conditions, reporters } from "./vitest.base.ts";

/** Scripts of PyTorch, scikit-learn, Hugging Face and Lightning, trained as they are: a tier of their own, because they load torch. */
export default defineConfig({
  ssr: { resolve: { conditions } },
  test: {
    name: "scripts",
    environment: "node",
    include: ["examples/scripts/*.script-test.ts"],
    // The first one installs the environment.
    testTimeout: 300_000,
    reporters: reporters("scripts"),
  },
});
