import type { MachineChoice } from "../context/cli-context.ts";
import type { WorkingContext } from "../context/working-context.ts";
import type { Adapters } from "./create-adapters.ts";
import type { MachineTarget } from "./resolve-machine.ts";

/** Finds the adapters of a machine that a word or the configuration names. `signal` aborts the wait for the user's `ssh`. */
export type FindAdapters = (machine: MachineChoice, signal?: AbortSignal) => Promise<Adapters>;

/** Creates a function that finds adapters. It looks up each word only once, because this may run a program of the user's ssh configuration. */
export function createAdapterFinder(workingContext: WorkingContext): FindAdapters {
  const machines = new Map<string, Promise<MachineTarget>>();
  return async ({ on, provider, transport, folder = workingContext.folder }, signal) => {
    // Loaded on first use, because many commands need no machine.
    const [{ createAdapters, withTransport }, { resolveMachine }] = await Promise.all([
      import("./create-adapters.ts"),
      import("./resolve-machine.ts"),
    ]);
    const findMachine = (word: string) => {
      const key = JSON.stringify([word, folder]);
      const machine = machines.get(key) ?? resolveMachine(word, { ...workingContext, folder }, signal);
      machines.set(key, machine);
      return machine;
    };
    const adapters =
      provider === undefined
        ? createAdapters(await findMachine(on), workingContext.folder)
        : withTransport(provider);
    return { ...(await adapters), ...(transport === undefined ? {} : { transport }) };
  };
}
