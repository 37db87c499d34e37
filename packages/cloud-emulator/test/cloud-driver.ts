import type { BaseEmulator } from "../src/emulator/emulator.ts";
import type { CommonFaultName } from "../src/faults/common-faults.ts";
import type { Answer, TestClock } from "./cloud.ts";

/** What a client of any cloud does, in the words of one, so that the faults of all clouds are proven on each. */
export interface CloudDriver {
  readonly emulator: Omit<BaseEmulator, "inject" | "watch">;
  readonly clock: TestClock;
  inject(fault: CommonFaultName, order: { readonly ms?: number; readonly times?: number }): unknown;
  /** Reads what is offered. */
  read(): Promise<Answer>;
  /** Returns the first price in such an answer. */
  getPrice(answer: Answer): unknown;
  /** Registers an SSH key. */
  addKey(): Promise<Answer>;
  /** Removes the only key. */
  removeKey(): Promise<Answer>;
  /** Launches an instance that always has the same name. */
  launch(): Promise<Answer>;
  list(): Promise<Answer>;
  find(id: string): Promise<Answer>;
  terminate(id: string): Promise<Answer>;
  /** The names that this cloud gives to its statuses. */
  readonly statuses: {
    readonly booting: string;
    readonly active: string;
    readonly error: string;
    readonly stopped: string;
  };
  /** A field of an instance that a sparse answer leaves out. */
  readonly sparseField: string;
}

export const driverKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWx0IGJ5IGEgY29sbGVhZ3VlLCBub3QgYnkgdXMh run";
