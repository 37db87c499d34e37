import type { MachineChoice } from "../context/cli-context.ts";
import type { WorkingPlace } from "../context/working-place.ts";
import { loadModuleFrom } from "../modules/load-module.ts";
import type { Adapters } from "./adapters.ts";
import type { MachineNamed } from "./machine-named.ts";

/** Finds the adapters of a machine that a word or the configuration names. `signal` aborts the wait for the user's `ssh`. */
export type FindAdapters = (machine: MachineChoice, signal?: AbortSignal) => Promise<Adapters>;

/** Creates a function that finds adapters. It looks up each word only once, because this may run a program of the user's ssh configuration. */
export function adapterFinder(place: WorkingPlace): FindAdapters {
  const load = loadModuleFrom(place.folder);
  const machines = new Map<string, Promise<MachineNamed>>();
  return async ({ on, provider, transport }, signal) => {
    // Loaded on first use, because many commands need no machine.
    const [{ adaptersFor, withTransport }, { machineNamed }] = await Promise.all([
      import("./adapters.ts"),
      import("./machine-named.ts"),
    ]);
    const resolveMachine = (word: string) => {
      const machine = machines.get(word) ?? machineNamed(word, place, signal);
      machines.set(word, machine);
      return machine;
    };
    const named =
      provider === undefined ? adaptersFor(await resolveMachine(on), load) : withTransport(provider);
    return { ...(await named), ...(transport === undefined ? {} : { transport }) };
  };
}
