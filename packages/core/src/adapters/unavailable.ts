import { specVersion, type UnitrainError } from "../spec/index.ts";
import type { AdapterKind } from "./shape.ts";

/**
 * Stands in for an adapter that cannot be loaded on this computer, so that what does not need it still works: releasing a
 * machine needs its provider only. Every call throws `cause`.
 */
export function createUnavailableAdapter<T>(
  kind: Exclude<AdapterKind, "provider">,
  name: string,
  cause: UnitrainError,
): T {
  const fail = () => {
    throw cause;
  };
  const parts = {
    transport: { supports: [], connect: fail },
    framework: {
      describe: fail,
      check: fail,
      diskBytes: 0,
      environment: fail,
      job: fail,
      progress: fail,
      artifacts: {},
    },
    // A missing plugin may be the one that masks: without it the text is withheld.
    plugin: { hooks: { sanitize: fail } },
  };
  return { specVersion, name, ...parts[kind] } as T;
}
