import { proxyFetch } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { checkBaseUrl } from "./api/base-url.ts";

/** All of them may be left out. */
export interface CanopyWaveOptions {
  /** By default the variable `CANOPYWAVE_API_KEY`, read at the first call. Never written down. */
  readonly apiKey?: string | undefined;
  /** By default the variable `CANOPYWAVE_BASE_URL`, else `https://cloud-api.canopywave.io/api/v1`. `http:` only on this computer. */
  readonly baseUrl?: string | undefined;
  /** Needed only when the key sees several projects. */
  readonly project?: string | undefined;
  /** By default any region that has the machine. */
  readonly region?: string | undefined;
  /** CanopyWave's own name of a kind of machine: `H100-4`. Names the machine whole; leaves nothing to choose. */
  readonly flavor?: string | undefined;
  /** `H100`, or `H100:4` with the number of GPUs. */
  readonly gpu?: string | undefined;
  /** How many; 0 for a machine without. */
  readonly gpus?: number | undefined;
  /** By default the newest Ubuntu that CanopyWave has for the machine: `GPU-Ubuntu.24.04`. */
  readonly image?: string | undefined;
  /** For the whole machine. More expensive ones are refused. */
  readonly maxUsdPerHour?: number | undefined;
  /** Takes an address of the project that nobody uses now, instead of a new one. It may be a colleague's in the next second. */
  readonly reuseIp?: boolean | undefined;
  /** Where the machines' SSH server listens. By default the variable `CANOPYWAVE_SSH_PORT`, else 22. */
  readonly sshPort?: number | undefined;
  /** Who logs in. By default the variable `CANOPYWAVE_SSH_USER`, else `ubuntu`, as on every Ubuntu image. */
  readonly sshUser?: string | undefined;
  /** Refuses to plan when the account's balance is told and is not above 0. By default true; switch it off when you pay by invoice. */
  readonly checkBalance?: boolean | undefined;
  /** Between two looks at something that is changing. By default 1,000. */
  readonly pollMs?: number | undefined;
  /** How long one answer may take, to its last byte; three times as long where something is made or ended. By default 20,000. */
  readonly timeoutMs?: number | undefined;
  /** By default the one of Node, through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Milliseconds since 1970, for tests that own time. By default the computer's clock. */
  readonly now?: (() => number) | undefined;
}

/** What can be written down: another process makes the same provider of it. */
const storable = {
  baseUrl: z.string(),
  project: z.string().min(1).optional(),
  region: z.string().min(1).optional(),
  flavor: z.string().min(1).optional(),
  gpu: z.string().min(1).optional(),
  gpus: z.int().min(0).max(64).optional(),
  image: z.string().min(1).optional(),
  maxUsdPerHour: z.number().positive().optional(),
  reuseIp: z.boolean().optional(),
  sshPort: z.int().min(1).max(65_535).optional(),
  sshUser: z
    .string()
    .regex(/^[a-z_][\w-]*$/i)
    .optional(),
  checkBalance: z.boolean().optional(),
  pollMs: z.int().min(10).max(60_000).optional(),
  timeoutMs: z.int().min(10).max(600_000).optional(),
};

const schema = z.strictObject({
  ...storable,
  apiKey: z.string().optional(),
  fetch: z.custom<typeof globalThis.fetch>((value) => typeof value === "function").optional(),
  now: z.custom<() => number>((value) => typeof value === "function").optional(),
});

export interface ParsedOptions {
  readonly settings: Settings;
  readonly apiKey: string | undefined;
  readonly fetch: typeof proxyFetch;
  readonly now: () => number;
}

export type Settings = z.infer<z.ZodObject<typeof storable>>;

const defaultBaseUrl = "https://cloud-api.canopywave.io/api/v1";

/** Reads no file and asks nobody. The address is settled here: a process with other variables must not look for our machines elsewhere. */
export function parseOptions(options: CanopyWaveOptions): ParsedOptions {
  const baseUrl = options.baseUrl ?? (process.env.CANOPYWAVE_BASE_URL || defaultBaseUrl);
  const { success, data, error } = schema.safeParse({ ...loginFromEnvironment(), ...options, baseUrl });
  if (!success) {
    throw new UnitrainError("INVALID_OPTIONS", `canopywave(): ${z.prettifyError(error)}`, {
      hint: `The options there are: ${Object.keys(schema.shape).join(", ")}.`,
      // Not the cause: what was given may hold the key.
    });
  }
  const { apiKey, fetch = proxyFetch, now = Date.now, ...settings } = data;
  return { settings: { ...settings, baseUrl: checkBaseUrl(baseUrl) }, apiKey, fetch, now };
}

/** Settled here, as the address is: a process with other variables must reach the same machines. */
function loginFromEnvironment(): Pick<CanopyWaveOptions, "sshPort" | "sshUser"> {
  const { CANOPYWAVE_SSH_PORT: port, CANOPYWAVE_SSH_USER: user } = process.env;
  return { ...(port ? { sshPort: Number(port) } : {}), ...(user ? { sshUser: user } : {}) };
}

/** For the origin: with the address, whatever it is, and without what was left out. */
export function storableOptions(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
