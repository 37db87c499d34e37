import type { Provider } from "@unitrain/core";
import type { Settings } from "./settings.ts";

/** Settings of no training: for what concerns a provider alone. */
export function machineOnly(on: string, provider: Provider | undefined): Settings {
  return {
    on,
    ...(provider === undefined ? {} : { provider }),
    plugins: [],
    source: { kind: "local", path: "." },
    framework: { words: [], options: {} },
    options: {},
    env: {},
    secrets: [],
    sources: [],
  };
}
