/** A real sshd on the loopback, for tests of everything that stands on `transport-ssh`. */
export {
  isRoot,
  type TestServer,
  type TestServerOptions,
  testServer,
} from "../../../packages/transport-ssh/src/testing/test-server.ts";
