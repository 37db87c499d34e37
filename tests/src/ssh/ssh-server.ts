/** A real sshd on the loopback interface, and the connection to it, for tests of everything that uses `transport-ssh`. */

export { formatKnownHostsLine } from "../../../packages/transport-ssh/test/keys.ts";
export { findMaster } from "../../../packages/transport-ssh/test/masters.ts";
export { tcpProxy } from "../../../packages/transport-ssh/test/tcp-proxy.ts";
export {
  type TestServerOptions,
  testServer,
} from "../../../packages/transport-ssh/test/test-server.ts";
