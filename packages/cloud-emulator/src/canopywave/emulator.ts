import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { serve } from "@hono/node-server";
import { type Bill, makeBill } from "../bill/bill.ts";
import { computerClock } from "../clock.ts";
import { createFaultPlan, type InjectedFault } from "../faults/plan.ts";
import { lockFolder } from "../folder/lock.ts";
import { openStore } from "../folder/store.ts";
import { type EmulatorEvent, openEventLog } from "../http/event-log.ts";
import { type RedirectTarget, startRedirectTarget, type UnexpectedRequest } from "../http/redirect-target.ts";
import { type KeeperOptions, startKeeper } from "../machines/keeper.ts";
import { detectMachineKind } from "../machines/kind.ts";
import { checkShares } from "../machines/share.ts";
import { type CloudSettings, type EmulatedCloud, filterAlive, type Place } from "./cloud/cloud.ts";
import { addColleagueResource, addColleagueResources } from "./cloud/colleague-resources.ts";
import { listPaidItems } from "./cloud/paid-items.ts";
import type { AddressRecord, CloudState, InstanceRecord, KeyRecord } from "./cloud/records.ts";
import { getStatusAt, type InstanceStatus } from "./cloud/status.ts";
import type { FaultOrder } from "./faults/plan.ts";
import { faults } from "./faults/table.ts";
import { basePath, createApp, type Watcher } from "./http/app.ts";
import { type CheckedOptions, checkOptions, type EmulatorOptions } from "./options.ts";

/** A running emulator of the CanopyWave cloud. */
export interface Emulator {
  /** Value for `CANOPYWAVE_BASE_URL`. */
  readonly url: string;
  /** Value for `CANOPYWAVE_API_KEY`. */
  readonly apiKey: string;
  readonly folder: string;
  /** User and port for SSH: those of the real cloud's images, where this computer allows them. */
  readonly ssh: { readonly user: string; readonly port: number };
  /** Environment variables that point a CanopyWave client to this cloud. */
  readonly variables: Readonly<Record<string, string>>;
  /** Returns the existing instances, including colleagues' (`isForeign`), unlisted and soft-deleted ones. */
  instances(): readonly (Readonly<InstanceRecord> & { readonly status: InstanceStatus })[];
  /** Returns the existing addresses. */
  addresses(): readonly Readonly<AddressRecord>[];
  /** Returns the existing SSH keys. */
  keys(): readonly Readonly<KeyRecord>[];
  /** Returns the bill: what cost money, and when. */
  bill(): Bill;
  /** Returns the requests of this process; `events.jsonl` in the folder has those of earlier ones too. */
  events(): readonly EmulatorEvent[];
  /** Returns the requests to the host that the fault `redirect-elsewhere` points to. */
  unexpectedRequests(): readonly UnexpectedRequest[];
  /** Returns the machine of a running instance: its first process, and the folder with its disk and `console.log`. */
  machine(instanceId: string): { readonly pid: number; readonly folder: string } | undefined;
  /** Closes every SSH connection to an instance, as an unreliable network does. */
  cutConnections(instanceId: string): void;
  /** Arms a fault. */
  inject(order: FaultOrder): InjectedFault;
  /**
   * Calls `watcher` before each API call takes effect and before it is answered, for example to kill the client in a
   * test.
   */
  watch(watcher: Watcher): { end(): void };
  /** Disarms all faults. */
  clearFaults(): void;
  /** Creates a resource that belongs to a colleague. */
  addColleagueResource(kind: "instance" | "key" | "address", name?: string, place?: Partial<Place>): void;
  /** Renames an instance, as a user does in the provider's console. */
  rename(instanceId: string, name: string): void;
  /** Stops the server and all of its machines. The cloud's state stays in the folder. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an emulated CanopyWave cloud on 127.0.0.1. Its resources and bill are kept in a folder and survive a restart.
 *
 * @param options The folder is required. Durations are milliseconds, prices are USD per hour.
 * @throws Error when an option is invalid, another emulator uses the folder, or real machines cannot run on this
 * computer.
 *
 * @example
 * ```ts
 * import { startEmulator } from "@unitrain/cloud-emulator/canopywave";
 *
 * const emulator = await startEmulator({ folder: "/tmp/cloud" });
 * emulator.inject({ fault: "launch-answer-lost" });
 * Object.assign(process.env, emulator.variables);
 * // … train
 * console.log(emulator.bill().totalUsd);
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const checked = checkOptions(options);
  const { clock = computerClock } = checked;
  const folder = path.resolve(checked.folder);
  const keeperOptions = checked.machines === "real" ? createKeeperOptions(checked) : undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  const store = openStore<CloudState>(folder, createEmptyState());
  const apiKey = checked.apiKey ?? readOrCreateKey(folder);
  const redirectTarget: RedirectTarget = await startRedirectTarget(apiKey);
  const cloud: EmulatedCloud = {
    settings: createSettings(checked),
    state: store.state,
    clock,
    saveChanges: () => store.save(),
    newPublicIp: () => `127.${randomInt(16, 128)}.${randomInt(0, 256)}.${randomInt(2, 255)}`,
    redirectUrl: () => redirectTarget.url,
  };
  const isNew = store.state.instances.length + store.state.addresses.length + store.state.keys.length === 0;
  if (isNew && checked.others === "similar") addColleagueResources(cloud);

  // Machines end with their emulator and boot again from their disks.
  for (const instance of store.state.instances) instance.machineLives = false;
  const keeper = keeperOptions === undefined ? undefined : startKeeper(cloud, keeperOptions, isUp);
  const plan = createFaultPlan(clock, faults, checked.random);
  const log = openEventLog(folder);
  const watchers = new Set<Watcher>();
  const server = await listen(createApp({ cloud, apiKey, faults: plan, log, watchers }), checked.port);
  const close = async () => {
    await server.close();
    await keeper?.close();
    store.save();
    lock.release();
    await redirectTarget.close();
  };
  const url = `http://127.0.0.1:${server.port}${basePath}`;
  const ssh = getLogin(keeperOptions);
  return {
    url,
    apiKey,
    folder,
    ssh,
    variables: {
      CANOPYWAVE_API_KEY: apiKey,
      CANOPYWAVE_BASE_URL: url,
      ...(ssh.port === 22 ? {} : { CANOPYWAVE_SSH_PORT: String(ssh.port) }),
      ...(ssh.user === imageUser ? {} : { CANOPYWAVE_SSH_USER: ssh.user }),
    },
    instances: () =>
      filterAlive(cloud, store.state.instances).map((instance) => ({
        ...instance,
        status: getStatusAt(instance, clock.now()),
      })),
    addresses: () => filterAlive(cloud, store.state.addresses),
    keys: () => filterAlive(cloud, store.state.keys),
    bill: () => makeBill(listPaidItems(store.state), clock.now()),
    events: () => log.all(),
    unexpectedRequests: () => [...redirectTarget.requests],
    machine: (instanceId) => keeper?.inspect(instanceId),
    cutConnections: (instanceId) => keeper?.cut(instanceId),
    inject: (order) => plan.inject(order),
    watch(watcher) {
      watchers.add(watcher);
      return { end: () => void watchers.delete(watcher) };
    },
    clearFaults: () => plan.clear(),
    addColleagueResource(kind, name = "colleague", place = {}) {
      const [project = "", region = ""] = [cloud.settings.projects[0], cloud.settings.regions[0]];
      addColleagueResource(cloud, { project, region, ...place }, kind, name);
      cloud.saveChanges();
    },
    rename(instanceId, name) {
      const instance = store.state.instances.find(({ id }) => id === instanceId);
      if (instance === undefined) throw new Error(`There is no instance ${instanceId}.`);
      instance.name = name;
      cloud.saveChanges();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function createSettings(options: CheckedOptions): CloudSettings {
  const { projects, regions, images, flavors, balanceUsd, addressQuota } = options;
  const { buildMs, terminateMs, ...boot } = options.boot;
  return {
    projects,
    regions,
    images,
    flavors: flavors as CloudSettings["flavors"],
    balanceUsd,
    addressQuota,
    addressCentsPerHour: options.addressUsdPerHour * 100,
    storageCentsPerGbHour: options.storageUsdPerGbHour * 100,
    buildMs,
    terminateMs,
    boot,
  };
}

function createKeeperOptions(options: CheckedOptions): KeeperOptions {
  const kind = detectMachineKind(options.namespaces);
  const share = options.share.map(({ from, to = from, how }) => ({ from, to, how }));
  checkShares(share);
  return {
    folder: path.resolve(options.folder),
    kind,
    // Ports below 1024 require root.
    sshPort: options.sshPort ?? (kind === "root" ? 22 : 2222),
    share,
    environment: options.environment,
  };
}

/** User of every Ubuntu image. */
const imageUser = "ubuntu";

function getLogin(real: KeeperOptions | undefined): Emulator["ssh"] {
  return {
    port: real?.sshPort ?? 22,
    user: real?.kind === "plain" ? userInfo().username : imageUser,
  };
}

function createEmptyState(): CloudState {
  return { version: 1, instances: [], addresses: [], keys: [], storage: [] };
}

function isUp(instance: InstanceRecord, nowMs: number): boolean {
  const status = getStatusAt(instance, nowMs);
  return status === "BUILD" || status === "ACTIVE";
}

/** Returns the stored API key, or creates one, so that a key that was exported stays valid after a restart. */
function readOrCreateKey(folder: string): string {
  const file = path.join(folder, "api-key");
  try {
    writeFileSync(file, `cw_${randomBytes(24).toString("base64url")}`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return readFileSync(file, "utf8");
}

async function listen(app: ReturnType<typeof createApp>, port: number) {
  return new Promise<{ readonly port: number; close(): Promise<void> }>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port }, (address) =>
      resolve({
        port: address.port,
        close: () =>
          new Promise((ended) => {
            server.close(() => ended());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      }),
    );
    server.once("error", reject);
  });
}
