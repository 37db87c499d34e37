import {
  type AdapterRecipe,
  type ConnectionKind,
  defineTransport,
  type Machine,
  type NotReady,
  type RunContext,
  type Transport,
  UnitrainError,
} from "@unitrain/core/spec";
import type { Executor } from "./executor/executor.ts";
import type { JobLauncher } from "./job/launcher.ts";
import { setsid } from "./job/setsid.ts";
import { tmux } from "./job/tmux.ts";
import { connectMachine, defaultWorkFolder } from "./machine/connected-machine.ts";
import { createPosixSession } from "./session.ts";

export interface PosixTransportOptions {
  readonly name: string;
  readonly supports: readonly ConnectionKind[];
  readonly recipe?: AdapterRecipe;
  readonly identity?: NonNullable<Transport["identity"]>;
  readonly access?: NonNullable<Transport["access"]>;
  readonly describeConnection?: NonNullable<Transport["describeConnection"]>;
  /** See {@link Transport.readyTimeoutMs}. */
  readonly readyTimeoutMs?: number;
  /** See {@link Transport.connectTimeoutMs}. */
  readonly connectTimeoutMs?: number;
  /** One try to reach the machine, never a loop. Whether a shell answers there is looked at afterwards, through what this gives. */
  readonly connect: (machine: Machine, context: RunContext) => Promise<Executor | NotReady>;
  /** Who keeps jobs alive there; the first that is available is asked. By default tmux, else a process of its own. */
  readonly launchers?: readonly JobLauncher[];
  /** Our folder on the machine: absolute, or below the home folder with `~/`. By default `~/.unitrain/1`. */
  readonly workFolder?: string;
}

/**
 * Makes a transport out of one `exec`: all of shipping, detached jobs, following and fetching is done by POSIX shell scripts
 * through whatever login shell answers. Nothing has to be installed there but tar and sha256sum (or shasum).
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a work folder that is neither absolute nor below `~/`.
 *
 * @example
 * ```ts
 * import { childExecutor, posixTransport } from "@unitrain/transport-posix";
 *
 * export const pod = (name: string) =>
 *   posixTransport({
 *     name: "kubernetes",
 *     supports: ["x-kubernetes"],
 *     connect: async () => childExecutor("kubectl", ["exec", "-i", name, "--", "sh", "-c"]),
 *   });
 * ```
 */
export function posixTransport(options: PosixTransportOptions): Transport {
  const {
    connect,
    launchers = [tmux(), setsid()],
    workFolder: folder = defaultWorkFolder,
    ...rest
  } = options;
  const workFolder = validateWorkFolder(folder);
  return defineTransport({
    ...rest,
    async connect(machine, context) {
      const executor = await connect(machine, context);
      if ("ready" in executor) return executor;
      let connected: Awaited<ReturnType<typeof connectMachine>> | undefined;
      try {
        const { workFolder: recordedFolder } = context;
        const folder =
          recordedFolder === undefined
            ? { path: workFolder, mayCreate: true }
            : { path: recordedFolder, mayCreate: false };
        connected = await connectMachine(executor, folder, context.signal);
        return "ready" in connected ? connected : createPosixSession(connected, launchers);
      } finally {
        if (connected === undefined || "ready" in connected) await executor[Symbol.asyncDispose]();
      }
    },
  });
}

function validateWorkFolder(folder: string): string {
  const parts = folder.split("/").slice(1);
  const isAnchored = folder.startsWith("/") || folder.startsWith("~/");
  if (
    isAnchored &&
    parts.every((part) => part !== "" && part !== "." && part !== "..") &&
    !folder.includes("\0")
  ) {
    return folder;
  }
  throw new UnitrainError(
    "INVALID_OPTIONS",
    `${JSON.stringify(folder)} cannot be the work folder on a machine.`,
    {
      hint: "Give an absolute path there, or one that begins with ~/, without ., .. or a / at its end.",
    },
  );
}
