import type { MachineChoice } from "../context/cli-context.ts";
import type { WorkingPlace } from "../context/working-place.ts";
import { loadModuleFrom } from "../modules/load-module.ts";
import type { Adapters } from "./adapters.ts";
import type { MachineNamed } from "./machine-named.ts";

/** Finds the adapters of a machine that is named by a word, or by the configuration. `signal` ends the wait for the user's own `ssh`. */
export type FindAdapters = (machine: MachineChoice, signal?: AbortSignal) => Promise<Adapters>;

/** Each word is looked up once: what it means may take a program of the user's ssh configuration. */
export function adapterFinder(place: WorkingPlace): FindAdapters {
  const load = loadModuleFrom(place.folder);
  const machines = new Map<string, Promise<MachineNamed>>();
  return async ({ on, provider, transport }, signal) => {
    // Loaded when a machine is asked for: lists and logs need none.
    const [{ adaptersFor, withTransport }, { machineNamed }] = await Promise.all([
      import("./adapters.ts"),
      import("./machine-named.ts"),
    ]);
    const machineOf = (word: string) => {
      const machine = machines.get(word) ?? machineNamed(word, place, signal);
      machines.set(word, machine);
      return machine;
    };
    const named = provider === undefined ? adaptersFor(await machineOf(on), load) : withTransport(provider);
    return { ...(await named), ...(transport === undefined ? {} : { transport }) };
  };
}
