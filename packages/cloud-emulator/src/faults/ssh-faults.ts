import type { MachineInstance } from "../machines/machine-source.ts";
import type { FaultCloud, FaultKind, FaultRequest, FaultScene } from "./kind.ts";

/** Longer than any timeout, in milliseconds. */
const forEver = 10 * 365 * 24 * 3_600_000;

/** Faults of SSH connections to a machine, triggered by the calls that create one. */
export function createSshFaults<Call extends string, Cloud extends FaultCloud, Request extends FaultRequest>(
  calls: readonly Call[],
  findInstance: (scene: FaultScene<Cloud, Request>) => MachineInstance | undefined,
) {
  const ssh = (
    description: string,
    change: (instance: MachineInstance, scene: FaultScene<Cloud, Request>) => void,
  ): FaultKind<Call, Cloud, Request> => ({
    description,
    calls,
    done: true,
    ms: forEver,
    after: (scene) => {
      const instance = findInstance(scene);
      if (instance !== undefined) change(instance, scene);
    },
  });
  return {
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
  } satisfies Record<string, FaultKind<Call, Cloud, Request>>;
}
