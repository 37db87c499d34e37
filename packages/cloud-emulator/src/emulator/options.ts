import path from "node:path";
import * as z from "zod";
import type { EmulatorClock } from "../clock.ts";
import type { RandomFaults } from "../faults/plan.ts";
import type { KeeperOptions } from "../machines/keeper.ts";
import { detectMachineKind } from "../machines/kind.ts";
import { checkShares } from "../machines/share.ts";

/** Options that every emulated cloud has. All times are in milliseconds. */
export interface BaseOptions<FaultName extends string = string> {
  /** The folder for all its files, which is created if it does not exist. The next emulator on this folder continues with them. */
  readonly folder: string;
  /** The API key that clients must send. By default it is generated and stored in the folder. */
  readonly apiKey?: string | undefined;
  /** Of the HTTP server on 127.0.0.1; any free one by default. */
  readonly port?: number | undefined;
  /** `real`: every instance is a machine with an sshd of its own. `none` (default): only the API. */
  readonly machines?: "real" | "none" | undefined;
  /** `false`: an ordinary user's machines are processes and a folder, as where no namespaces can be had. */
  readonly namespaces?: boolean | undefined;
  /** Where instances are reached by ssh; 22 as root, else 2222. */
  readonly sshPort?: number | undefined;
  /** Folders of this computer that every machine sees: caches, Python environments. Not in machines without namespaces. */
  readonly share?: readonly ShareOption[] | undefined;
  /** Variables that every login on a machine has: proxies, package indexes. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** `similar` (default): colleagues own resources whose names look like ours. */
  readonly others?: "similar" | "none" | undefined;
  /** The duration of each step of a boot. The default is about 200 ms per step; on the real cloud it is minutes. */
  readonly boot?: Partial<BootOptions> | undefined;
  /** Random faults. */
  readonly random?: RandomFaults<FaultName> | undefined;
  /** The clock. The default is the clock of this computer; a virtual clock requires `machines: "none"`. */
  readonly clock?: EmulatorClock | undefined;
}

/** A folder of this computer that every machine can access. */
export interface ShareOption {
  /** The absolute path on this computer. */
  readonly from: string;
  /** The path on the machines. The default is the same path. */
  readonly to?: string | undefined;
  /** `read` (default) makes it read-only on the machines. `write` gives them the same access as on this computer. */
  readonly how?: "read" | "write" | undefined;
}

/** The duration of each step of a boot, in milliseconds. */
export interface BootOptions {
  /** The time from launch until the cloud says that the instance is ready. */
  readonly buildMs: number;
  /** The time from then until sshd accepts connections. */
  readonly activeToSshMs: number;
  /** Then it accepts and says nothing. */
  readonly silentMs: number;
  /** Then every login is refused with "System is booting up". */
  readonly bootingUpMs: number;
  /** From terminate to gone. */
  readonly terminateMs: number;
}

const ms = z.number().nonnegative();
const folder = z.string().regex(/^\/\S*$/, "an absolute path without spaces");

/** The zod types of `BaseOptions`, which a front end extends by its own. Strict: an option that does not exist is named. */
export const baseOptions = <Name extends string>(isFaultName: (name: string) => name is Name) => ({
  folder: z.string().min(1),
  apiKey: z.string().min(1).optional(),
  port: z.int().min(0).max(65_535).default(0),
  machines: z.enum(["real", "none"]).default("none"),
  namespaces: z.boolean().default(true),
  sshPort: z.int().min(1).max(65_535).optional(),
  share: z
    .array(
      z.strictObject({ from: folder, to: folder.optional(), how: z.enum(["read", "write"]).default("read") }),
    )
    .readonly()
    .default([]),
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string().regex(/^[^\n]*$/)).default({}),
  others: z.enum(["similar", "none"]).default("similar"),
  boot: z
    .strictObject({
      buildMs: ms.default(300),
      activeToSshMs: ms.default(200),
      silentMs: ms.default(200),
      bootingUpMs: ms.default(200),
      terminateMs: ms.default(200),
    })
    .prefault({}),
  random: z
    .strictObject({
      seed: z.int(),
      chance: z.number().min(0).max(1),
      names: z
        .array(z.custom<Name>((name) => typeof name === "string" && isFaultName(name)))
        .readonly()
        .optional(),
      longestMs: ms.optional(),
    })
    .optional(),
  clock: z.custom<EmulatorClock>().optional(),
});

/** `BaseOptions` with their defaults. */
export type CheckedBaseOptions<Name extends string> = z.output<
  z.ZodObject<ReturnType<typeof baseOptions<Name>>>
>;

/** Returns how machines are started; undefined if there are none. Throws where this computer cannot run any. */
export function createKeeperOptions(options: CheckedBaseOptions<string>): KeeperOptions | undefined {
  if (options.machines === "none") return undefined;
  const kind = detectMachineKind(options.namespaces);
  const share = options.share.map(({ from, to = from, how }) => ({ from, to, how }));
  checkShares(share);
  return {
    folder: path.resolve(options.folder),
    kind,
    // Ports below 1024 require root.
    sshPort: options.sshPort ?? (kind === "root" ? 22 : 2222),
    share,
    environment: options.environment,
  };
}
