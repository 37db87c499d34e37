import { isLoopback } from "./loopback.ts";
import { readProxySettings } from "./proxy-variables.ts";
import type { ProxyRoute } from "./through-proxy.ts";

let route: { readonly key: string; readonly route: ProxyRoute } | undefined;

/**
 * Fetches a URL through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name (also in lower case), as curl and pip do.
 * Without a proxy it is Node's own `fetch`. Providers and plugins should use it for all requests. Requests to this computer
 * (`localhost`, `127.…`, `::1`) never go through a proxy, so that their content never leaves it.
 *
 * @throws ProxyError if the proxy refuses the request or cannot be reached; otherwise whatever `fetch` throws.
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
    // Imported only when needed, because loading the library takes longer than starting a command.
    const { createProxyRoute } = await import("./through-proxy.ts");
    route = { key, route: createProxyRoute(settings) };
  }
  return route.route.fetch(url, init);
}
