import { answerFaults } from "./answer-faults.ts";
import { commonFaults } from "./common-faults.ts";
import { instanceFaults } from "./instance-faults.ts";
import type { FaultKind } from "./kind.ts";
import { launchFaults } from "./launch-faults.ts";
import { resourceFaults } from "./resource-faults.ts";

const table = { ...commonFaults, ...answerFaults, ...launchFaults, ...instanceFaults, ...resourceFaults };

/** The name of a fault that the emulator can inject. */
export type FaultName = keyof typeof table;

/** Every fault by its name. */
export const faults: Readonly<Record<FaultName, FaultKind>> = table;

/** The names of all faults, sorted. */
export const faultNames = Object.keys(table).toSorted() as readonly FaultName[];

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(table, name);
}
