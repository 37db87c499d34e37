import { randomInt } from "node:crypto";
import { mkdirSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { makeBill, type PaidItem } from "../bill/bill.ts";
import { computerClock } from "../clock.ts";
import type { FaultKind } from "../faults/kind.ts";
import { createFaultPlan } from "../faults/plan.ts";
import { readOrCreateApiKey } from "../folder/api-key.ts";
import { lockFolder } from "../folder/lock.ts";
import { openStore } from "../folder/store.ts";
import { type AppParts, createApp, type Watcher } from "../http/app.ts";
import type { CallRequest } from "../http/call.ts";
import { openEventLog } from "../http/event-log.ts";
import { listen } from "../http/listen.ts";
import { startRedirectTarget } from "../http/redirect-target.ts";
import { type KeeperOptions, startKeeper } from "../machines/keeper.ts";
import type { MachineImage } from "../machines/machine-source.ts";
import type { EmulatedCloud } from "./emulated-cloud.ts";
import type { BaseEmulator } from "./emulator.ts";
import { filterAlive, isUp, type LaunchTimes } from "./lifecycle.ts";
import { type CheckedBaseOptions, createKeeperOptions } from "./options.ts";
import type { BaseState } from "./records.ts";

/** A cloud, as its front end declares it. */
export interface CloudDefinition<
  Settings extends LaunchTimes,
  State extends BaseState,
  Status extends string,
  Call extends string,
  Name extends string,
> extends Pick<
    AppParts<EmulatedCloud<Settings, State>, Call, Name>,
    "apiCalls" | "basePath" | "form" | "isAuthorized" | "refuse"
  > {
  /** Prefix of its environment variables: `CANOPYWAVE`. */
  readonly variablePrefix: string;
  /** What its API keys begin with. */
  readonly apiKeyPrefix: string;
  /** User of its images. */
  readonly imageUser: string;
  /** What its machines have in common; by default they are virtual machines of Ubuntu. */
  readonly image?: MachineImage;
  readonly faults: Readonly<Record<Name, FaultKind<Call, EmulatedCloud<Settings, State>, CallRequest<Call>>>>;
  createState(): State;
  /** Returns the status under the name that this cloud gives it. */
  getStatus(instance: State["instances"][number], nowMs: number): Status;
  /** Lists everything that this cloud charges for. */
  listPaidItems(state: State): readonly PaidItem[];
  /** Adds resources of colleagues to an empty cloud. */
  addColleagueResources(cloud: EmulatedCloud<Settings, State>): void;
}

/** Starts an emulated cloud on 127.0.0.1. Its resources and bill are kept in a folder and survive a restart. */
export async function startCloud<
  Settings extends LaunchTimes,
  State extends BaseState,
  Status extends string,
  Call extends string,
  Name extends string,
>(
  definition: CloudDefinition<Settings, State, Status, Call, Name>,
  settings: Settings,
  options: CheckedBaseOptions<Name>,
): Promise<{
  readonly cloud: EmulatedCloud<Settings, State>;
  readonly emulator: BaseEmulator<State["instances"][number], State["keys"][number], Status, Name, Call>;
}> {
  const { clock = computerClock } = options;
  const folder = path.resolve(options.folder);
  const { image } = definition;
  const ownKeeper = createKeeperOptions(options);
  const keeperOptions = ownKeeper === undefined || image === undefined ? ownKeeper : { ...ownKeeper, image };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(folder);
  const store = openStore<State>(folder, definition.createState());
  const { state } = store;
  const apiKey = options.apiKey ?? readOrCreateApiKey(folder, definition.apiKeyPrefix);
  const redirectTarget = await startRedirectTarget(apiKey);
  const cloud: EmulatedCloud<Settings, State> = {
    settings,
    state,
    clock,
    saveChanges: () => store.save(),
    newPublicIp: () => `127.${randomInt(16, 128)}.${randomInt(0, 256)}.${randomInt(2, 255)}`,
    redirectUrl: () => redirectTarget.url,
  };
  const isNew = state.instances.length + state.addresses.length + state.keys.length === 0;
  if (isNew && options.others === "similar") definition.addColleagueResources(cloud);

  // Machines end with their emulator and boot again from their disks.
  for (const instance of state.instances) instance.machineLives = false;
  const keeper = keeperOptions === undefined ? undefined : startKeeper(cloud, keeperOptions, isUp);
  const plan = createFaultPlan(clock, definition.faults, options.random);
  const log = openEventLog(folder);
  const watchers = new Set<Watcher<Call>>();
  const app = createApp({ ...definition, cloud, apiKey, faults: plan, log, watchers });
  const server = await listen(app, options.port);
  const close = async () => {
    await server.close();
    await keeper?.close();
    store.save();
    lock.release();
    await redirectTarget.close();
  };
  const url = `http://127.0.0.1:${server.port}${definition.basePath}`;
  const ssh = getLogin(keeperOptions, definition.imageUser);
  return {
    cloud,
    emulator: {
      url,
      apiKey,
      folder,
      ssh,
      variables: createVariables(definition, { url, apiKey, ssh }),
      instances: () =>
        filterAlive(cloud, state.instances).map((instance: State["instances"][number]) => ({
          ...instance,
          status: definition.getStatus(instance, clock.now()),
        })),
      keys: () => filterAlive<State["keys"][number]>(cloud, state.keys),
      bill: () => makeBill(definition.listPaidItems(state), clock.now()),
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
      rename(instanceId, name) {
        const instance = state.instances.find(({ id }) => id === instanceId);
        if (instance === undefined) throw new Error(`There is no instance ${instanceId}.`);
        instance.name = name;
        cloud.saveChanges();
      },
      close,
      [Symbol.asyncDispose]: close,
    },
  };
}

function getLogin(keeper: KeeperOptions | undefined, imageUser: string): BaseEmulator["ssh"] {
  return {
    port: keeper?.sshPort ?? 22,
    user: keeper?.kind === "plain" ? userInfo().username : imageUser,
  };
}

function createVariables(
  { variablePrefix, imageUser }: { readonly variablePrefix: string; readonly imageUser: string },
  { url, apiKey, ssh }: Pick<BaseEmulator, "url" | "apiKey" | "ssh">,
): Readonly<Record<string, string>> {
  return {
    [`${variablePrefix}_API_KEY`]: apiKey,
    [`${variablePrefix}_BASE_URL`]: url,
    ...(ssh.port === 22 ? {} : { [`${variablePrefix}_SSH_PORT`]: String(ssh.port) }),
    ...(ssh.user === imageUser ? {} : { [`${variablePrefix}_SSH_USER`]: ssh.user }),
  };
}
