import { memoryCloud, memoryTransport, transportSuite, virtualClock } from "@unitrain/conformance";
import { local } from "@unitrain/provider-local";
import { afterAll, describe, it } from "vitest";
import { createMachineFolders, thisComputer } from "./machine-files.ts";
import { sharedSshServer } from "./shared-ssh-server.ts";

// This computer can always be reached, and there is no connection to cut.
transportSuite({
  describe: describe.concurrent,
  it,
  name: "local, with transport-posix",
  lacks: ["recipe", "identity", "unreachable-machine", "cut"],
  async start() {
    const { folder, workFolder, remove } = await createMachineFolders();
    const transport = local({ workFolder }).defaultTransport?.();
    if (transport === undefined) throw new Error("provider-local has no transport");
    return { ...thisComputer, transport, machine: { connectionKind: "local" }, folder, close: remove };
  },
});

const sshServer = sharedSshServer();
afterAll(sshServer.close);

transportSuite({
  describe: describe.concurrent,
  it,
  name: "ssh, with a real sshd",
  start: sshServer.createSubject,
});

// Its machine is a map of files that runs no programs.
transportSuite({
  describe,
  it,
  name: "memory",
  lacks: ["commands", "unreachable-machine", "cut", "processes"],
  start() {
    const clock = virtualClock();
    const cloud = memoryCloud(clock);
    cloud.startMachine();
    return {
      transport: memoryTransport(cloud),
      machine: { connectionKind: "x-memory" },
      folder: "/home/memory/folder",
      runsCommands: false,
      readFile: async (path) => cloud.files.get(path),
      writeFile: async (path, content) => void cloud.files.set(path, content),
      clock,
    };
  },
});
