import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TransportSubject } from "@unitrain/conformance";
import { ssh } from "@unitrain/transport-ssh";
import { formatKnownHostsLine } from "../../../packages/transport-ssh/test/keys.ts";
import { tcpProxy } from "../../../packages/transport-ssh/test/tcp-proxy.ts";
import { freePort, type TestServer, testServer } from "../../../packages/transport-ssh/test/test-server.ts";
import { createMachineFolders, thisComputer } from "./machine-files.ts";

/** A real sshd for all checks of a suite. It starts with the first check. */
export function sharedSshServer() {
  const steps: (() => Promise<void>)[] = [];
  const onEnd = (step: () => Promise<void>) => void steps.push(step);
  let server: Promise<TestServer> | undefined;
  return {
    async createSubject(): Promise<TransportSubject> {
      server ??= testServer({ onEnd });
      const { port, hostKey, keyFile, machine } = await server;
      // A proxy of its own, so that a cut concerns one check only.
      const proxy = await tcpProxy(port, onEnd);
      const { root, folder, workFolder, remove } = await createMachineFolders();
      const knownHostsFile = join(root, "known_hosts");
      await writeFile(knownHostsFile, formatKnownHostsLine(proxy.port, hostKey));
      return {
        ...thisComputer,
        transport: ssh({ identityFile: keyFile, knownHostsFile, sshConfigFile: "/dev/null", workFolder }),
        machine: { ...machine, port: proxy.port },
        folder,
        unreachableMachine: { ...machine, port: await freePort() },
        cut: proxy.cut,
        close: remove,
      };
    },
    async close() {
      for (const step of steps.reverse()) await step();
    },
  };
}
