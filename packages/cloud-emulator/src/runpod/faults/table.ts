import { createCommonFaults } from "../../faults/common-faults.ts";
import type { CloudFault } from "../../faults/dialect.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createFailure, createGraphQlFailure, lowBalance, outOfStock } from "../http/answers.ts";
import type { CallName } from "../http/call.ts";
import { dialect, launched, terminated } from "./dialect.ts";

type FaultKind = CloudFault<EmulatedCloud, CallName>;

const commonFaults = createCommonFaults(dialect, {
  "key-answer-lost": "a pod gets its key when it is created",
  "key-delete-fails": "a pod gets its key when it is created",
  "ssh-booting-up": "a container has no notice for those who log in while it boots",
  "ssh-dropped": "a pod has no security group",
});

/** Faults that only RunPod has. */
const podFaults = {
  "out-of-stock": createRefusalFault(400, outOfStock),
  "balance-too-low": createRefusalFault(402, lowBalance),
  "spend-limit": createRefusalFault(403, "You have reached your spending limit"),
  "graphql-forbidden": {
    description: "the key may not use GraphQL",
    calls: ["deploy", "bids", "myself"],
    done: false,
    reply: () => createFailure(403, "access denied"),
  },
  "port-mapped-late": launched(
    "its SSH port is mapped some time after it is RUNNING (ms)",
    30_000,
    (pod, { ms }) => {
      pod.mappedAfterMs = ms;
    },
  ),
  "proxy-only": launched("it has no public address, only RunPod's proxy", 0, (pod) => {
    pod.mappedAfterMs = null;
  }),
  "seven-bits": launched("everything that its commands print loses the eighth bit", 0, (pod) => {
    pod.sevenBits = true;
  }),
  "spot-interrupted": launched(
    "it is stopped for somebody who pays more, some time after the launch (ms)",
    1_000,
    (pod, { ms }) => {
      pod.stoppedAtMs = pod.launchedAtMs + ms;
    },
  ),
  "host-vanishes": launched(
    "its host vanishes some time after the launch (ms); it goes on being RUNNING",
    1_000,
    (pod, { ms, cloud }) => {
      pod.hostLostAtMs = pod.launchedAtMs + ms;
      const address = cloud.state.addresses.find(({ instanceId }) => instanceId === pod.id);
      if (address !== undefined) address.goneAtMs = pod.hostLostAtMs;
    },
  ),
  "status-unknown": launched("its status is one that no documentation names", 0, (pod) => {
    pod.oddStatus = "MIGRATING";
  }),
  "terminate-shows-terminated": terminated(
    "once gone it answers by id with TERMINATED instead of 404",
    0,
    (pod) => {
      pod.goneAs = "terminated";
    },
  ),
} satisfies Record<string, FaultKind>;

const table = { ...commonFaults, ...podFaults };

/** The name of a fault that the emulator can inject. */
export type FaultName = keyof typeof table;

/** Every fault by its name. */
export const faults: Readonly<Record<FaultName, FaultKind>> = table;

/** The names of all faults, sorted. */
export const faultNames = Object.keys(table).toSorted() as readonly FaultName[];

export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(table, name);
}

function createRefusalFault(status: number, message: string): FaultKind {
  return {
    description: `${status} "${message}", or the same as an error of GraphQL, and nothing was created`,
    calls: ["create", "deploy"],
    done: false,
    reply: ({ request }) =>
      request.call === "deploy" ? createGraphQlFailure(message) : createFailure(status, message),
  };
}
