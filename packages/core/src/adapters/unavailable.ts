import type { AdapterKind } from "../spec/adapter-shape.ts";
import { specVersion, type UnitrainError } from "../spec/index.ts";

/**
 * Creates a stand-in for an adapter that cannot be loaded on this computer, so that everything that does not need it still works:
 * releasing a machine needs only its provider. Every call of the stand-in throws `cause`.
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
    // The missing plugin may mask secrets, so all text is withheld.
    plugin: { hooks: { sanitize: fail } },
  };
  return { specVersion, name, ...parts[kind] } as T;
}
