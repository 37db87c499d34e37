import { type Dispatcher, EnvHttpProxyAgent, Pool, fetch as undiciFetch } from "undici";
import { rememberProxy } from "./proxied-responses.ts";
import { ProxyError } from "./proxy-error.ts";
import {
  createLoginError,
  createStatusError,
  createTimeoutError,
  createUnreachableError,
} from "./proxy-failures.ts";
import type { ProxySetting, ProxySettings } from "./proxy-variables.ts";

/** Shorter than the timeout of a request (20 s), so that the error names the proxy. */
const tunnelTimeoutMs = 10_000;

/** Sends requests through proxies. undici, the library of Node's own fetch, matches NO_PROXY. */
export interface ProxyRoute {
  fetch(url: URL, init: RequestInit): Promise<Response>;
}

export function createProxyRoute({ http, https, noProxy }: ProxySettings): ProxyRoute {
  /** Servers (`host:port`) that a tunnel is being opened to, or was opened to, with the proxy. */
  const opening = new Map<string, ProxySetting>();
  const opened = new Map<string, string>();
  const findSetting = (url: URL) => (https?.url === url.href ? https : (http ?? https));

  class ProxyPool extends Pool {
    readonly #setting: ProxySetting | undefined;

    constructor(url: URL, options: Pool.Options) {
      super(url, options);
      this.#setting = findSetting(url);
    }

    /** Opens a tunnel, called by undici's ProxyAgent. Every failure in here is a failure of the proxy. */
    override async connect(options: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> {
      const setting = this.#setting;
      const target = options.path;
      if (setting === undefined) return super.connect(options);
      opening.set(target, setting);
      const timeout = AbortSignal.timeout(tunnelTimeoutMs);
      try {
        const answer = await super.connect({ ...options, signal: timeout });
        if (answer.statusCode !== 200) {
          answer.socket.on("error", () => {}).destroy();
          const schemes = String(answer.headers["proxy-authenticate"] ?? "");
          throw createStatusError(setting, target, answer.statusCode, schemes);
        }
        opened.set(target, setting.proxy);
        return answer;
      } catch (error) {
        if (error instanceof ProxyError) throw error;
        throw timeout.aborted
          ? createTimeoutError(setting, target)
          : createUnreachableError(setting, describeError(error));
      } finally {
        opening.delete(target);
      }
    }
  }

  const agent = new EnvHttpProxyAgent({
    httpProxy: http?.url ?? "",
    httpsProxy: https?.url ?? "",
    noProxy,
    // Plain http: requests are sent to the proxy without a tunnel, because many proxies allow tunnels only to port 443.
    proxyTunnel: false,
    clientFactory: (url: URL, options: object) => new ProxyPool(url, options),
    factory: (origin: URL | string, options: Pool.Options) =>
      http !== undefined && String(origin) === http.url
        ? new Pool(http.url, withProxyInErrors(http, options))
        : new Pool(origin, options),
  } as EnvHttpProxyAgent.Options);

  return {
    async fetch(url, init) {
      const target = `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
      try {
        // The types of undici and of Node's fetch differ only in name.
        const response = (await undiciFetch(url, { ...init, dispatcher: agent } as never)) as unknown;
        if (http !== undefined && (response as Response).status === 407) throw createLoginError(http);
        const proxy = opened.get(target);
        if (proxy !== undefined) rememberProxy(response as Response, proxy);
        return response as Response;
      } catch (error) {
        const cause = error instanceof Error ? error.cause : undefined;
        if (cause instanceof ProxyError) throw cause;
        if (http !== undefined && cause instanceof Error && /\(407\)/.test(cause.message))
          throw createLoginError(http);
        const setting = init.signal?.aborted ? opening.get(target) : undefined;
        throw setting === undefined ? error : createTimeoutError(setting, target);
      }
    },
  };
}

/** Adds the proxy to the errors of connecting to it. */
function withProxyInErrors(setting: ProxySetting, options: Pool.Options): Pool.Options {
  const { connect } = options;
  if (typeof connect !== "function") return options;
  return {
    ...options,
    connect: (connection, callback) =>
      connect(connection, (...result) =>
        result[0] === null
          ? callback(...result)
          : callback(createUnreachableError(setting, describeError(result[0])), null),
      ),
  };
}

/** Describes an error of the connection by its code, because its message may contain credentials. */
function describeError(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: "connection refused",
    ECONNRESET: "the connection was reset",
    ENOTFOUND: "its name cannot be resolved",
    EAI_AGAIN: "its name cannot be resolved right now",
    ETIMEDOUT: "no answer",
    UND_ERR_CONNECT_TIMEOUT: "no answer",
    UND_ERR_SOCKET: "it closed the connection",
    UND_ERR_INFO: "it closed the connection",
  };
  if (typeof code !== "string") return "the connection failed";
  return reasons[code] === undefined ? `the connection failed (${code})` : `${reasons[code]}`;
}
