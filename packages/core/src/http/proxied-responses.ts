const proxies = new WeakMap<Response, string>();

export function rememberProxy(response: Response, proxy: string): void {
  proxies.set(response, proxy);
}

/**
 * Returns `host:port` of the proxy that a response of `proxyFetch` came through, if any. A proxy that inspects TLS can
 * answer in the server's place, so a web page where an API was called may be the proxy's.
 */
export function getProxy(response: Response): string | undefined {
  return proxies.get(response);
}
