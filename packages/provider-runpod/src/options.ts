import { checkBaseUrl, proxyFetch } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { api } from "./api/api.ts";

/**
 * Options of `runpod()`. All are optional.
 *
 * @example
 * ```ts
 * import type { RunPodOptions } from "@unitrain/provider-runpod";
 *
 * const options: RunPodOptions = { gpu: "RTX 4090", cloud: "COMMUNITY" };
 * ```
 */
export interface RunPodOptions {
  /** API key. Defaults to the variable `RUNPOD_API_KEY`, read at the first request. It is never stored. */
  readonly apiKey?: string | undefined;
  /** URL of the API. Defaults to the variable `RUNPOD_BASE_URL`, else `https://api.runpod.io`. `http:` is allowed only on this computer. */
  readonly baseUrl?: string | undefined;
  /** Id of the data center: `EU-RO-1`. Defaults to any that has the machine. */
  readonly region?: string | undefined;
  /** `SECURE` (default): RunPod's own data centers. `COMMUNITY`: cheaper machines of other people, who can read what runs on them. */
  readonly cloud?: "SECURE" | "COMMUNITY" | undefined;
  /** Name of the GPU: `RTX 4090`, or `RTX 4090:2` for two of them. */
  readonly gpu?: string | undefined;
  /** Number of GPUs, 0 for a pod without GPUs. */
  readonly gpus?: number | undefined;
  /** Container image. It must start an SSH server that accepts the key in `PUBLIC_KEY`, as RunPod's own images do. */
  readonly image?: string | undefined;
  /** Size of the container's disk in GB. Defaults to what the run needs, at least 20. */
  readonly diskGb?: number | undefined;
  /** The most US dollars per hour for the whole pod. Defaults to no limit. */
  readonly maxUsdPerHour?: number | undefined;
  /** Rents a spot pod, which is cheaper and which RunPod may take away at any moment. Defaults to false. */
  readonly interruptible?: boolean | undefined;
  /**
   * Lets RunPod itself terminate the pod 10 minutes after the limit of the run, also if this computer is gone. Defaults to true. It
   * needs a key that may use GraphQL, and works for pods with GPUs only.
   */
  readonly ownDeadline?: boolean | undefined;
  /** Milliseconds between two polls of a changing state. Defaults to 3,000. */
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
  region: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .optional(),
  cloud: z.enum(["SECURE", "COMMUNITY"]).optional(),
  gpu: z.string().min(1).optional(),
  gpus: z.int().min(0).max(64).optional(),
  image: z
    .string()
    .regex(/^[\w./:@-]{1,500}$/)
    .optional(),
  diskGb: z.int().min(1).max(100_000).optional(),
  maxUsdPerHour: z.number().positive().optional(),
  interruptible: z.boolean().optional(),
  ownDeadline: z.boolean().optional(),
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

const defaultBaseUrl = "https://api.runpod.io";

/** Parses the options. The URL is fixed here, so that a process with other variables does not look for our pods elsewhere. */
export function parseOptions(options: RunPodOptions): ParsedOptions {
  const baseUrl = options.baseUrl ?? (process.env.RUNPOD_BASE_URL || defaultBaseUrl);
  const { success, data, error } = schema.safeParse({ ...options, baseUrl });
  if (!success) {
    throw new UnitrainError("INVALID_OPTIONS", `runpod(): ${z.prettifyError(error)}`, {
      hint: `Use only the options ${Object.keys(schema.shape).join(", ")}.`,
      // Without the cause, which may contain the key.
    });
  }
  const { apiKey, fetch = proxyFetch, now = Date.now, ...settings } = data;
  return { settings: { ...settings, baseUrl: checkBaseUrl(api, baseUrl) }, apiKey, fetch, now };
}

/** Returns the options for the recipe: with the URL, and without undefined values. */
export function toStorableOptions(settings: Settings): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
