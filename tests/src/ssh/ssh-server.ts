/** A real sshd on the loopback, and the line to it, for tests of everything that stands on `transport-ssh`. */

export { knownHostsLine } from "../../../packages/transport-ssh/test/keys.ts";
export { findMaster } from "../../../packages/transport-ssh/test/masters.ts";
export { tcpProxy } from "../../../packages/transport-ssh/test/tcp-proxy.ts";
export {
  type TestServerOptions,
  testServer,
} from "../../../packages/transport-ssh/test/test-server.ts";
