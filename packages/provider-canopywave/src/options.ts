import { checkBaseUrl, proxyFetch } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { api } from "./api/api.ts";

/**
 * Options of `canopywave()`. All are optional.
 *
 * @example
 * ```ts
 * import type { CanopyWaveOptions } from "@unitrain/provider-canopywave";
 *
 * const options: CanopyWaveOptions = { region: "KEF-3" };
 * ```
 */
export interface CanopyWaveOptions {
  /** API key. Defaults to the variable `CANOPYWAVE_API_KEY`, read at the first request. It is never stored. */
  readonly apiKey?: string | undefined;
  /**
   * URL of the API. Defaults to the variable `CANOPYWAVE_BASE_URL`, else `https://cloud-api.canopywave.io/api/v1`. `http:` is allowed only
   * on this computer.
   */
  readonly baseUrl?: string | undefined;
  /** Name of the project. Needed only when the key can see several. */
  readonly project?: string | undefined;
  /** Name of the region. Defaults to any region that has the machine. */
  readonly region?: string | undefined;
  /** CanopyWave's name of a type of machine: `H100-4`. It determines GPU and number of GPUs. */
  readonly flavor?: string | undefined;
  /** Name of the GPU: `H100`, or `H100:4` for four of them. */
  readonly gpu?: string | undefined;
  /** Number of GPUs, 0 for a machine without GPUs. */
  readonly gpus?: number | undefined;
  /** Name of the image. Defaults to the newest Ubuntu for the machine: `GPU-Ubuntu.24.04`. */
  readonly image?: string | undefined;
  /** The most US dollars per hour for the whole machine. Defaults to no limit. */
  readonly maxUsdPerHour?: number | undefined;
  /** Uses a free address of the project instead of a new one; somebody else may take it at any moment. Defaults to false. */
  readonly reuseIp?: boolean | undefined;
  /** TCP port of the SSH server on the machines. Defaults to the variable `CANOPYWAVE_SSH_PORT`, else 22. */
  readonly sshPort?: number | undefined;
  /** User for the login. Defaults to the variable `CANOPYWAVE_SSH_USER`, else `ubuntu`, as on every Ubuntu image. */
  readonly sshUser?: string | undefined;
  /** Refuses to plan when the account's balance is known and not above 0. Defaults to true; set it to false when you pay by invoice. */
  readonly checkBalance?: boolean | undefined;
  /** Milliseconds between two polls of a changing state. Defaults to 1,000. */
  readonly pollMs?: number | undefined;
  /** Timeout of one request in milliseconds, three times as long for requests that create or delete. Defaults to 20,000. */
  readonly timeoutMs?: number | undefined;
  /** Replaces Node's `fetch`, which uses the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Returns milliseconds since 1970, for tests that control time. Defaults to the computer's clock. */
  readonly now?: (() => number) | undefined;
}

/** The options that can be stored, from which another process creates the same provider. */
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

/** Parses the options. The URL is fixed here, so that a process with other variables does not look for our machines elsewhere. */
export function parseOptions(options: CanopyWaveOptions): ParsedOptions {
  const baseUrl = options.baseUrl ?? (process.env.CANOPYWAVE_BASE_URL || defaultBaseUrl);
  const { success, data, error } = schema.safeParse({ ...loginFromEnvironment(), ...options, baseUrl });
  if (!success) {
    throw new UnitrainError("INVALID_OPTIONS", `canopywave(): ${z.prettifyError(error)}`, {
      hint: `Use only the options ${Object.keys(schema.shape).join(", ")}.`,
      // Without the cause, which may contain the key.
    });
  }
  const { apiKey, fetch = proxyFetch, now = Date.now, ...settings } = data;
  return { settings: { ...settings, baseUrl: checkBaseUrl(api, baseUrl) }, apiKey, fetch, now };
}

/** Read here, like the URL, so that a process with other variables reaches the same machines. */
function loginFromEnvironment(): Pick<CanopyWaveOptions, "sshPort" | "sshUser"> {
  const { CANOPYWAVE_SSH_PORT: port, CANOPYWAVE_SSH_USER: user } = process.env;
  return { ...(port ? { sshPort: Number(port) } : {}), ...(user ? { sshUser: user } : {}) };
}

/** Returns the options for the recipe: with the URL, and without undefined values. */
export function toStorableOptions(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
