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

/** Options of {@link posixTransport}. */
export interface PosixTransportOptions {
  /** See {@link Transport.name}. */
  readonly name: string;
  /** See {@link Transport.supports}. */
  readonly supports: readonly ConnectionKind[];
  /** See {@link Transport.recipe}. */
  readonly recipe?: AdapterRecipe;
  /** See {@link Transport.identity}. */
  readonly identity?: NonNullable<Transport["identity"]>;
  /** See {@link Transport.access}. */
  readonly access?: NonNullable<Transport["access"]>;
  /** See {@link Transport.describeConnection}. */
  readonly describeConnection?: NonNullable<Transport["describeConnection"]>;
  /** See {@link Transport.readyTimeoutMs}. */
  readonly readyTimeoutMs?: number;
  /** See {@link Transport.connectTimeoutMs}. */
  readonly connectTimeoutMs?: number;
  /** Tries once to connect to the machine, without a loop. The transport then checks, with the executor, that a shell answers. */
  readonly connect: (machine: Machine, context: RunContext) => Promise<Executor | NotReady>;
  /** Launchers of jobs; the first that is available launches a job. Defaults to tmux, then setsid. */
  readonly launchers?: readonly JobLauncher[];
  /** Folder for all our files on the machine: absolute, or below the home folder with `~/`. Defaults to `~/.unitrain/1`. */
  readonly workFolder?: string;
}

/**
 * Creates a transport from one function that runs commands on a machine. Uploads, detached jobs, following logs and downloads are
 * done by POSIX shell scripts through any login shell. The machine needs only tar and one of openssl, sha256sum and shasum.
 *
 * @param options See {@link PosixTransportOptions}.
 * @throws UnitrainError `INVALID_OPTIONS` for a work folder that is neither absolute nor below `~/`. Connecting throws
 * `UNUSABLE_GATEWAY` or `LOGIN_REFUSED` where waiting cannot help.
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
  throw new UnitrainError("INVALID_OPTIONS", `Invalid work folder ${JSON.stringify(folder)}.`, {
    hint: "Use an absolute path on the machine, or one that begins with ~/, without ., .. or a / at its end.",
  });
}
