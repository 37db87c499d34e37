export { isLoopback } from "./loopback.ts";
export { proxyOf } from "./proxied-responses.ts";
export { ProxyError } from "./proxy-error.ts";
export { proxyFetch } from "./proxy-fetch.ts";
