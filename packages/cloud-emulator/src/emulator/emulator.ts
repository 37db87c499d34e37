import type { Bill } from "../bill/bill.ts";
import type { FaultOrder, InjectedFault } from "../faults/plan.ts";
import type { Watcher } from "../http/app.ts";
import type { CallRequest } from "../http/call.ts";
import type { EmulatorEvent } from "../http/event-log.ts";
import type { UnexpectedRequest } from "../http/redirect-target.ts";
import type { BaseInstance, BaseKey } from "./records.ts";

/** What the emulators of all clouds have. */
export interface BaseEmulator<
  Instance extends BaseInstance = BaseInstance,
  Key extends BaseKey = BaseKey,
  Status extends string = string,
  FaultName extends string = string,
  Call extends string = string,
> {
  /** URL of the API, for the variable `<CLOUD>_BASE_URL`. */
  readonly url: string;
  /** Value for the variable `<CLOUD>_API_KEY`. */
  readonly apiKey: string;
  readonly folder: string;
  /** User and port for SSH: those of the real cloud's images, where this computer allows them. */
  readonly ssh: { readonly user: string; readonly port: number };
  /** Environment variables that point a client to this cloud. */
  readonly variables: Readonly<Record<string, string>>;
  /** Returns the existing instances, including colleagues' (`isForeign`) and unlisted ones. */
  instances(): readonly (Readonly<Instance> & { readonly status: Status })[];
  /** Returns the existing SSH keys. */
  keys(): readonly Readonly<Key>[];
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
  inject(order: FaultOrder<FaultName, Call, CallRequest<Call>>): InjectedFault;
  /**
   * Calls `watcher` before each API call takes effect and before it is answered, for example to kill the client in a
   * test.
   */
  watch(watcher: Watcher<Call>): { end(): void };
  /** Disarms all faults. */
  clearFaults(): void;
  /** Renames an instance, as a user does in the provider's console. */
  rename(instanceId: string, name: string): void;
  /** Stops the server and all of its machines. The cloud's state stays in the folder. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
