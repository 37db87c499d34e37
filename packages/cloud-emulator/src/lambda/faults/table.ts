import { createCommonFaults } from "../../faults/common-faults.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import type { CallName } from "../http/call.ts";
import { dialect, type FaultKind, launched, terminated } from "./dialect.ts";

/** The faults of all clouds, in the words of this one. */
const commonFaults = createCommonFaults(dialect, {
  "payment-required": "the specification has no 402",
  "launch-payment-required": "the specification has no 402",
});

const ownFaults = {
  "launch-insufficient-capacity": createRefusalFault(
    400,
    "instance-operations/launch/insufficient-capacity",
    "Not enough capacity to fulfill launch request.",
  ),
  "launch-quota-exceeded": createRefusalFault(400, "global/quota-exceeded", "Quota exceeded."),
  "launch-account-inactive": createRefusalFault(403, "global/account-inactive", "Your account is inactive."),
  "launch-invalid-address": createRefusalFault(
    403,
    "global/invalid-address",
    "Your billing address is invalid.",
  ),
  "launch-provider-unavailable": createRefusalFault(
    503,
    "provider/internal-unavailable",
    "Provider unavailable",
  ),
  "capacity-none": {
    description: "no region has capacity for any instance type",
    calls: ["instance-types"],
    done: true,
    reply: ({ truthfulReply }) => {
      const types = dialect.getPayload(truthfulReply) as Record<string, object>;
      return createSuccess(
        Object.fromEntries(
          Object.entries(types).map(([name, item]) => [
            name,
            { ...item, regions_with_capacity_available: [] },
          ]),
        ),
      );
    },
  },
  "instance-preempted": launched("preempted some time after the launch (ms)", 1_000, (instance, { ms }) => {
    instance.preemptedAtMs = instance.launchedAtMs + ms;
  }),
  "terminate-stays-listed": terminated(
    "once gone it is still listed, with status terminated",
    0,
    (instance) => {
      instance.staysListed = true;
    },
  ),
  "key-in-use": {
    description: "400: the key is in use, so it is not removed",
    calls: ["ssh-key-delete"],
    done: false,
    reply: () => createFailure(400, "SSH key is in use.", {}, "ssh-keys/key-in-use"),
  },
  "firewall-closed": {
    description: "the account's global firewall rules let no SSH in",
    calls: ["firewall-global"],
    done: true,
    reply: () => createSuccess({ id: "global", name: "Closed", rules: [] }),
  },
} satisfies Record<string, FaultKind>;

const table = { ...commonFaults, ...ownFaults };

/** The name of a fault that the emulator can inject. */
export type FaultName = keyof typeof table;

/** The name of a fault that only this cloud has. */
export type OwnFaultName = keyof typeof ownFaults;

/** Every fault by its name. */
export const faults: Readonly<Record<FaultName, FaultKind>> = table;

/** The names of all faults, sorted. */
export const faultNames = Object.keys(table).toSorted() as readonly FaultName[];

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(table, name);
}

function createRefusalFault(status: number, code: string, message: string): FaultKind {
  const calls: readonly CallName[] = ["launch"];
  return {
    description: `${status} "${code}", and nothing was created`,
    calls,
    done: false,
    reply: () => createFailure(status, message, {}, code),
  };
}
