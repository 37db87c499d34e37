import type { BaseEmulator } from "../emulator/emulator.ts";
import type { BaseOptions, BootOptions } from "../emulator/options.ts";

/** What the terminal needs from a running emulator. */
export interface TerminalEmulator
  extends Pick<BaseEmulator, "variables" | "folder" | "instances" | "bill" | "clearFaults" | "close"> {
  inject(order: { readonly fault: string; readonly times: number }): unknown;
}

/** An emulated cloud that can be started from a terminal. */
export interface TerminalCloud {
  /** The word on the command line. */
  readonly name: string;
  readonly title: string;
  readonly faults: Readonly<Record<string, { readonly description: string }>>;
  /** The durations that were observed on the real cloud. */
  readonly realBoot: BootOptions;
  start(options: BaseOptions): Promise<TerminalEmulator>;
}

/** Describes a cloud whose faults are named by `Name`. The terminal checks the names. */
export function describeCloud<Name extends string>(
  cloud: Omit<TerminalCloud, "start"> & {
    start(options: BaseOptions<Name>): Promise<
      Omit<TerminalEmulator, "inject"> & {
        inject(order: { readonly fault: Name; readonly times: number }): unknown;
      }
    >;
  },
): TerminalCloud {
  return cloud as unknown as TerminalCloud;
}
