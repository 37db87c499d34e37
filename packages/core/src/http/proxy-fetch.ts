import { isLoopback } from "./loopback.ts";
import { readProxySettings } from "./proxy-variables.ts";
import type { ProxyRoute } from "./through-proxy.ts";

let route: { readonly key: string; readonly route: ProxyRoute } | undefined;

/**
 * `fetch` for providers and plugins: uses the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name (also in lower
 * case), as curl and pip do, and Node's own `fetch` when none is set. This computer (`localhost`, `127.…`, `::1`) is
 * always reached directly, so that what is sent there never leaves it.
 *
 * @throws ProxyError when the proxy refuses or cannot be reached; otherwise what `fetch` throws.
 *
 * @example
 * ```ts
 * import { proxyFetch } from "@unitrain/core/http";
 *
 * const response = await proxyFetch("https://api.example.com/machines", { redirect: "error" });
 * ```
 */
export async function proxyFetch(address: string | URL, init: RequestInit = {}): Promise<Response> {
  const url = new URL(address);
  if (isLoopback(url.hostname)) return globalThis.fetch(url, init);
  const settings = readProxySettings(process.env);
  if (settings === undefined) return globalThis.fetch(url, init);
  const key = JSON.stringify(settings);
  if (route?.key !== key) {
    // Loaded only here: the library costs more time to load than the whole start of a command.
    const { createProxyRoute } = await import("./through-proxy.ts");
    route = { key, route: createProxyRoute(settings) };
  }
  return route.route.fetch(url, init);
}
