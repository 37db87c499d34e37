export { startProxy } from "./proxy.ts";
export { type Answer, startSecureServer } from "./secure-server.ts";
