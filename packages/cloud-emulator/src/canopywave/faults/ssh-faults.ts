import { type FaultKind, type FaultScene, instanceOf } from "../../faults/kind.ts";
import type { InstanceRecord } from "../world/records.ts";

/** Longer than anybody waits. */
const forEver = 10 * 365 * 24 * 3_600_000;

/** What can happen on the way into an instance; chosen when it is launched. */
export const sshFaults = {
  "ssh-refused": ssh("the machine refuses connections for longer (ms)", ({ boot }, { ms }) => {
    boot.activeToSshMs = ms;
  }),
  "ssh-silent": ssh(
    "the machine accepts connections and says nothing for longer (ms)",
    ({ boot }, { ms }) => {
      boot.silentMs = ms;
    },
  ),
  "ssh-booting-up": ssh(
    "every login is refused with 'System is booting up' for longer (ms)",
    ({ boot }, { ms }) => {
      boot.bootingUpMs = ms;
    },
  ),
  "ssh-dropped": {
    ...ssh(
      "nothing gets through to the machine: its security group lets nothing in, connecting times out",
      (instance) => {
        instance.firewalled = true;
      },
    ),
    ms: 0,
  },
  "ssh-host-key-changed": {
    ...ssh("the machine gets a new host key some time after the launch (ms)", (instance, { ms }) => {
      instance.newHostKeyAtMs = instance.launchedAtMs + ms;
    }),
    ms: 5_000,
  },
} satisfies Record<string, FaultKind>;

function ssh(what: string, change: (instance: InstanceRecord, scene: FaultScene) => void): FaultKind {
  return {
    what,
    calls: ["launch"],
    done: true,
    ms: forEver,
    after: (scene) => {
      const instance = instanceOf(scene);
      if (instance !== undefined) change(instance, scene);
    },
  };
}
