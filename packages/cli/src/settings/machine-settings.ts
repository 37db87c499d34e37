import type { Provider } from "@unitrain/core";
import type { FrameworkSetup } from "../context/cli-context.ts";
import type { Settings } from "./settings.ts";

/** Creates settings without a training, for commands that need only a provider. */
export function createMachineSettings(
  on: string,
  provider: Provider | undefined,
  framework: FrameworkSetup,
): Settings {
  return {
    on,
    ...(provider === undefined ? {} : { provider }),
    plugins: [],
    source: { kind: "local", path: "." },
    framework,
    options: {},
    env: {},
    secrets: [],
    sources: [],
  };
}
