import { checkBaseUrl, proxyFetch } from "@unitrain/core/http";
import { UnitrainError } from "@unitrain/core/spec";
import * as z from "zod";
import { api } from "./api/api.ts";

/**
 * Options of `lambda()`. All are optional.
 *
 * @example
 * ```ts
 * import type { LambdaOptions } from "@unitrain/provider-lambda";
 *
 * const options: LambdaOptions = { region: "us-east-1" };
 * ```
 */
export interface LambdaOptions {
  /** API key. Defaults to the variable `LAMBDA_API_KEY`, read at the first request. It is never stored. */
  readonly apiKey?: string | undefined;
  /**
   * URL of the API. Defaults to the variable `LAMBDA_BASE_URL`, else `https://cloud.lambda.ai/api/v1`. `http:` is allowed only on this
   * computer.
   */
  readonly baseUrl?: string | undefined;
  /** Name of the region: `us-east-1`. Defaults to any region that has capacity. */
  readonly region?: string | undefined;
  /** Lambda's name of a type of machine: `gpu_8x_h100_sxm5`. It determines GPU and number of GPUs. */
  readonly instanceType?: string | undefined;
  /** Name of the GPU: `H100`, or `H100:8` for eight of them. */
  readonly gpu?: string | undefined;
  /** Number of GPUs, 0 for a machine without GPUs. */
  readonly gpus?: number | undefined;
  /** Family of the image: `lambda-stack-22-04`. Defaults to what Lambda itself starts, the latest Lambda Stack. */
  readonly image?: string | undefined;
  /** The most US dollars per hour for the whole machine. Defaults to no limit. */
  readonly maxUsdPerHour?: number | undefined;
  /** TCP port of the SSH server on the machines. Defaults to the variable `LAMBDA_SSH_PORT`, else 22. */
  readonly sshPort?: number | undefined;
  /** User for the login. Defaults to the variable `LAMBDA_SSH_USER`, else `ubuntu`, as on every image. */
  readonly sshUser?: string | undefined;
  /** Milliseconds between two polls of a changing state. Defaults to 3,000, because Lambda allows one request per second. */
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
  region: z.string().min(1).optional(),
  instanceType: z.string().min(1).optional(),
  gpu: z.string().min(1).optional(),
  gpus: z.int().min(0).max(64).optional(),
  image: z.string().min(1).optional(),
  maxUsdPerHour: z.number().positive().optional(),
  sshPort: z.int().min(1).max(65_535).optional(),
  sshUser: z
    .string()
    .regex(/^[a-z_][\w-]*$/i)
    .optional(),
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

const defaultBaseUrl = "https://cloud.lambda.ai/api/v1";

/** Parses the options. The URL is fixed here, so that a process with other variables does not look for our machines elsewhere. */
export function parseOptions(options: LambdaOptions): ParsedOptions {
  const { LAMBDA_BASE_URL: url, LAMBDA_SSH_PORT: port, LAMBDA_SSH_USER: user } = process.env;
  const baseUrl = options.baseUrl ?? (url || defaultBaseUrl);
  const login = { ...(port ? { sshPort: Number(port) } : {}), ...(user ? { sshUser: user } : {}) };
  const { success, data, error } = schema.safeParse({ ...login, ...options, baseUrl });
  if (!success) {
    throw new UnitrainError("INVALID_OPTIONS", `lambda(): ${z.prettifyError(error)}`, {
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
