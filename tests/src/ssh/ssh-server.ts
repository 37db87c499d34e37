/** A real sshd on the loopback, and the line to it, for tests of everything that stands on `transport-ssh`. */

export { knownHostsLine } from "../../../packages/transport-ssh/src/testing/keys.ts";
export { type TcpProxy, tcpProxy } from "../../../packages/transport-ssh/src/testing/tcp-proxy.ts";
export {
  isRoot,
  type TestServer,
  type TestServerOptions,
  testServer,
} from "../../../packages/transport-ssh/src/testing/test-server.ts";
