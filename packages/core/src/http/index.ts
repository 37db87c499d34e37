export { isLoopback } from "./loopback.ts";
export { getProxy } from "./proxied-responses.ts";
export { ProxyError } from "./proxy-error.ts";
export { proxyFetch } from "./proxy-fetch.ts";
