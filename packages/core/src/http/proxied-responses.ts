const proxies = new WeakMap<Response, string>();

/** Records the proxy that a response came through. */
export function rememberProxy(response: Response, proxy: string): void {
  proxies.set(response, proxy);
}

/**
 * Returns `host:port` of the proxy that a response of `proxyFetch` came through, if any. A proxy that inspects TLS can answer in place
 * of the server, so a web page instead of an API's answer may come from the proxy.
 */
export function getProxy(response: Response): string | undefined {
  return proxies.get(response);
}
