import * as z from "zod";
import type { EmulatorClock } from "../clock.ts";
import { defaultFlavors, defaultImages, defaultProjects, defaultRegions, type Flavor } from "./catalog.ts";
import type { RandomFaults } from "./faults/plan.ts";
import { type FaultName, isFaultName } from "./faults/table.ts";

const flavor = z.strictObject({
  flavor: z.string().min(1),
  name: z.string().min(1),
  specs: z.string(),
  priceCentsPerHour: z.number().nonnegative(),
  priceHour: z.string(),
  images: z.array(z.string()).min(1).readonly(),
  regions: z.array(z.string()).readonly().optional(),
  upfrontHours: z.number().nonnegative().optional(),
});

const ms = z.number().nonnegative();
const names = z.array(z.string().min(1)).min(1).readonly();

const folder = z.string().regex(/^\/\S*$/, "an absolute path without spaces");

const schema = z.strictObject({
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
  projects: names.default(defaultProjects),
  regions: names.default(defaultRegions),
  images: names.default(defaultImages),
  flavors: z.array(flavor).min(1).readonly().default(defaultFlavors),
  balanceUsd: z.number().default(100),
  addressUsdPerHour: z.number().nonnegative().default(0.005),
  storageUsdPerGbHour: z.number().nonnegative().default(0.0001),
  addressQuota: z.int().nonnegative().default(10),
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
        .array(z.custom<FaultName>((name) => typeof name === "string" && isFaultName(name)))
        .readonly()
        .optional(),
      longestMs: ms.optional(),
    })
    .optional(),
  clock: z.custom<EmulatorClock>().optional(),
});

/**
 * Options of `startEmulator()`. All times are in milliseconds.
 *
 * @example
 * ```ts
 * import type { EmulatorOptions } from "@unitrain/cloud-emulator/canopywave";
 *
 * const options: EmulatorOptions = {
 *   folder: "/tmp/cloud",
 *   machines: "none",
 *   boot: { buildMs: 50 },
 *   random: { seed: 7, chance: 0.1, names: ["server-error", "answer-lost"] },
 * };
 * ```
 */
export interface EmulatorOptions {
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
  readonly projects?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly images?: readonly string[] | undefined;
  readonly flavors?: readonly Flavor[] | undefined;
  readonly balanceUsd?: number | undefined;
  /** Made up: the provider's page names no price. */
  readonly addressUsdPerHour?: number | undefined;
  /** Made up, as well. */
  readonly storageUsdPerGbHour?: number | undefined;
  /** Addresses that a project may hold in a region. */
  readonly addressQuota?: number | undefined;
  /** `similar` (default): colleagues own instances, addresses and keys whose names look like ours. */
  readonly others?: "similar" | "none" | undefined;
  /** The duration of each step of a boot. The default is about 200 ms per step; on the real cloud it is minutes. */
  readonly boot?: Partial<BootOptions> | undefined;
  /** Random faults. */
  readonly random?: RandomFaults | undefined;
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
  /** The time from launch to ACTIVE. */
  readonly buildMs: number;
  /** The time from ACTIVE until sshd accepts connections. */
  readonly activeToSshMs: number;
  /** Then it accepts and says nothing. */
  readonly silentMs: number;
  /** Then every login is refused with "System is booting up". */
  readonly bootingUpMs: number;
  /** From terminate to gone. */
  readonly terminateMs: number;
}

export type CheckedOptions = z.output<typeof schema>;

/** Strict: an option that does not exist is named. */
export function checkOptions(options: EmulatorOptions): CheckedOptions {
  return schema.parse(options);
}
