import { randomInt } from "node:crypto";
import { appendFileSync, existsSync } from "node:fs";
import path from "node:path";
import { type Backend, openAddressRouter, type PublicAddressRouter } from "./address-router.ts";
import { endOrphanedMachines, removeDisk } from "./clean-up.ts";
import type { MachineKind } from "./kind.ts";
import { bootMachine, type Machine } from "./machine.ts";
import type { MachineAddress, MachineImage, MachineInstance, MachineSource } from "./machine-source.ts";
import type { Share } from "./share.ts";

/** Starts and ends machines as the cloud's state requires. */
export interface Keeper {
  /** Returns the machine of a running instance. */
  inspect(instanceId: string): { readonly pid: number; readonly folder: string } | undefined;
  /** Closes every connection to an instance, as an unreliable network does. */
  cut(instanceId: string): void;
  /** Stops every machine and keeps the disks. */
  close(): Promise<void>;
}

export interface KeeperOptions {
  readonly folder: string;
  readonly kind: MachineKind;
  readonly sshPort: number;
  readonly share: readonly Share[];
  readonly environment: Readonly<Record<string, string>>;
  readonly image?: MachineImage;
}

/** State of an instance's machine. */
interface MachineEntry {
  machine?: Machine;
  /** Number of restarts at the time of this boot. */
  restarts: number;
  /** Time from which the steps of a boot are timed. */
  bootedAtMs: number;
  isReported: boolean;
  hasHostKeyChanged: boolean;
  /** Resolves when the machine has ended; set while it is ending. */
  ending?: Promise<void>;
}

const pollMs = 20;

/** Starts a keeper. `isUp` returns whether an instance boots or runs according to the cloud. */
export function startKeeper<Instance extends MachineInstance>(
  source: MachineSource<Instance>,
  options: KeeperOptions,
  isUp: (instance: Instance, nowMs: number) => boolean,
): Keeper {
  const machines = path.join(options.folder, "machines");
  const getFolder = (id: string) => path.join(machines, id);
  const entries = new Map<string, MachineEntry>();
  const routers = new Map<string, PublicAddressRouter>();
  endOrphanedMachines(machines);

  const boot = (instance: Instance, restarted: boolean) => {
    const { share, environment, kind, image = { user: "ubuntu" } } = options;
    const { name, publicKey, id } = instance;
    const entry: MachineEntry = {
      restarts: instance.restarts,
      bootedAtMs: restarted ? source.clock.now() : 0,
      isReported: false,
      hasHostKeyChanged: false,
    };
    entries.set(id, entry);
    instance.machineLives = true;
    try {
      // A random loopback address for each boot, so that nothing else listens there.
      const host = `127.${randomInt(128, 255)}.${randomInt(0, 256)}.${randomInt(2, 255)}`;
      const port = options.sshPort;
      entry.machine = bootMachine({
        folder: getFolder(id),
        kind,
        name,
        host,
        port,
        publicKey,
        share,
        environment,
        image,
        sevenBits: instance.sevenBits === true,
      });
    } catch (error) {
      fail(instance, String(error));
    }
  };
  const fail = (instance: Instance, reason: string) => {
    appendFileSync(path.join(options.folder, "failures.log"), `${instance.id} ${reason}\n`, { mode: 0o600 });
    instance.errorAtMs = source.clock.now();
    source.saveChanges();
  };
  const end = (instance: Instance, entry: MachineEntry) => {
    entry.ending ??= (async () => {
      await entry.machine?.end();
      if (isOver(instance, source.clock.now())) await removeDisk(getFolder(instance.id));
      entries.delete(instance.id);
      instance.machineLives = false;
      const now = source.clock.now();
      if (instance.goneAtMs !== null && instance.goneAtMs < now) instance.goneAtMs = now;
      source.saveChanges();
    })().catch((error: unknown) => fail(instance, String(error)));
  };

  // An instance that shuts itself down becomes SHUTOFF and still costs money.
  const handleUnexpectedEnd = (instance: Instance, machine: Machine, wasReady: boolean) => {
    if (machine.wantsReboot()) return boot(instance, true);
    if (!wasReady) return fail(instance, "The machine did not boot: see its console.log.");
    instance.stoppedAtMs = source.clock.now();
    source.saveChanges();
  };

  const step = (instance: Instance, now: number) => {
    const entry = entries.get(instance.id);
    const runs = isUp(instance, now) && instance.terminateAskedAtMs === null;
    if (entry === undefined) {
      if (runs) boot(instance, instance.restarts > 0);
      else if (isOver(instance, now) && existsSync(getFolder(instance.id))) {
        instance.machineLives = true;
        const previous: MachineEntry = {
          restarts: 0,
          bootedAtMs: 0,
          isReported: true,
          hasHostKeyChanged: false,
        };
        entries.set(instance.id, previous);
        end(instance, previous);
      }
      return;
    }
    if (entry.ending !== undefined) return;
    if (!runs || entry.restarts !== instance.restarts) return end(instance, entry);
    const { machine } = entry;
    if (machine === undefined) return;
    if (machine.hasEnded()) return handleUnexpectedEnd(instance, machine, entry.isReported);
    if (!entry.isReported && getBootPhase(instance, entry, now) === "open") {
      entry.isReported = true;
      machine.send("ready");
    }
    if (
      !entry.hasHostKeyChanged &&
      instance.newHostKeyAtMs !== null &&
      instance.newHostKeyAtMs <= now &&
      entry.isReported
    ) {
      entry.hasHostKeyChanged = true;
      machine.send("host-key");
    }
  };
  const backend = (address: MachineAddress, now: number): Backend => {
    const instance = source.state.instances.find(({ id }) => id === address.instanceId);
    const entry = instance === undefined ? undefined : entries.get(instance.id);
    if (instance === undefined || entry?.machine === undefined || entry.ending !== undefined)
      return { kind: "nobody" };
    if (instance.firewalled) return { kind: "firewall" };
    const phase = getBootPhase(instance, entry, now);
    if (phase === "refused") return { kind: "nobody" };
    return phase === "silent"
      ? { kind: "silent" }
      : { kind: "machine", host: entry.machine.host, port: entry.machine.port };
  };
  const poll = () => {
    const now = source.clock.now();
    for (const instance of source.state.instances) if (!instance.isForeign) step(instance, now);
    for (const address of source.state.addresses) {
      const lives = (address.goneAtMs === null || address.goneAtMs > now) && !address.isForeign;
      if (lives && !routers.has(address.id))
        routers.set(address.id, openAddressRouter(address.ip, address.port ?? options.sshPort));
      routers.get(address.id)?.set(lives ? backend(address, now) : { kind: "nobody" });
    }
  };
  const timer = setInterval(poll, pollMs);

  return {
    inspect(instanceId) {
      const machine = entries.get(instanceId)?.machine;
      return machine === undefined ? undefined : { pid: machine.pid, folder: getFolder(instanceId) };
    },
    cut(instanceId) {
      for (const address of source.state.addresses) {
        if (address.instanceId === instanceId) routers.get(address.id)?.cut();
      }
    },
    async close() {
      clearInterval(timer);
      for (const router of routers.values()) router.close();
      await Promise.all([...entries.values()].map(async (entry) => entry.ending ?? entry.machine?.end()));
    },
  };
}

/** Returns whether the disk should be removed. */
function isOver({ terminateAskedAtMs, goneAtMs }: MachineInstance, now: number): boolean {
  return terminateAskedAtMs !== null || (goneAtMs !== null && goneAtMs <= now);
}

/** Returns the phase of the boot that a client sees, from the time when the instance is ACTIVE. */
function getBootPhase(
  instance: MachineInstance,
  entry: MachineEntry,
  now: number,
): "refused" | "silent" | "booting" | "open" {
  if (instance.activeAtMs === null) return "refused";
  const { activeToSshMs, silentMs, bootingUpMs } = instance.boot;
  const passed = now - Math.max(instance.activeAtMs, entry.bootedAtMs);
  if (passed < activeToSshMs) return "refused";
  if (passed < activeToSshMs + silentMs) return "silent";
  return passed < activeToSshMs + silentMs + bootingUpMs ? "booting" : "open";
}
