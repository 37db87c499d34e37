import type { InstanceRecord } from "../cloud/records.ts";
import { createSuccess } from "../http/answers.ts";
import type { CallName } from "../http/call.ts";
import { answerFaults } from "./answer-faults.ts";
import { type FaultKind, type FaultScene, findInstance, getPayload } from "./kind.ts";

const launch: readonly CallName[] = ["launch"];
const lists: readonly CallName[] = ["instances", "instances-running"];
const terminate: readonly CallName[] = ["terminate"];

/** Faults of an instance after a successful launch, of the list of instances, and of terminate. */
export const instanceFaults = {
  "instance-error": createLifecycleFault(
    "status ERROR at boot, some time after the launch (ms)",
    0,
    (instance, { ms }) => {
      instance.errorAtMs = instance.launchedAtMs + ms;
      instance.activeAtMs = null;
    },
  ),
  "instance-stuck-in-build": createLifecycleFault("it stays in BUILD for ever", 0, (instance) => {
    instance.activeAtMs = null;
  }),
  "instance-stopped": createStoppedFault("SHUTOFF"),
  "instance-paused": createStoppedFault("PAUSED"),
  "instance-shelved": createStoppedFault("SHELVED_OFFLOADED"),
  "instance-vanishes": createLifecycleFault(
    "taken away by the provider some time after the launch (ms)",
    1_000,
    (instance, { ms }) => {
      instance.goneAtMs = instance.launchedAtMs + ms;
    },
  ),
  "instance-not-found-at-first": createLifecycleFault(
    "404 by id and in no list for a while after the launch (ms): the settle window",
    5_000,
    (instance, { ms }) => {
      instance.foundAtMs += ms;
      instance.listedAtMs += ms;
    },
  ),
  "list-fails": {
    ...answerFaults["server-error"],
    description: "a page of the list fails with 500",
    calls: lists,
  },
  "list-empty": {
    description: "the list says that there is nothing, although there is",
    calls: lists,
    done: true,
    reply: () => createSuccess([]),
  },
  "list-incomplete": {
    description: "the newest instance is missing in the list",
    calls: lists,
    done: true,
    reply: (scene) => {
      const rows = getPayload(scene);
      return createSuccess(Array.isArray(rows) ? rows.slice(0, -1) : []);
    },
  },
  "terminate-fails": {
    ...answerFaults["server-error"],
    description: "500 to a terminate that took no effect",
    calls: terminate,
  },
  "terminate-answer-lost": {
    ...answerFaults["answer-lost"],
    description: "the instance is terminated, then the connection is cut",
    calls: terminate,
  },
  "terminate-ignored": {
    description: "a terminate is answered well and takes no effect",
    calls: terminate,
    done: false,
    reply: ({ request }) => createSuccess({ id: request.body.id }),
  },
  "terminate-slow": createTerminateFault("it is gone only later (ms)", 60_000, (instance, { ms, cloud }) => {
    instance.goneAtMs = cloud.clock.now() + ms;
  }),
  "terminate-never-ends": createTerminateFault("its task is `deleting` for ever", 0, (instance) => {
    instance.goneAtMs = null;
  }),
  "terminate-soft-deleted": createTerminateFault(
    "SOFT_DELETED and unlisted, gone only later (ms; 0: never)",
    60_000,
    (instance, { ms, cloud }) => {
      instance.softDeletedAtMs = cloud.clock.now();
      instance.goneAtMs = ms === 0 ? null : cloud.clock.now() + ms;
    },
  ),
  "terminate-shows-deleted": createTerminateFault(
    "once gone it answers by id with DELETED instead of 404",
    0,
    (instance) => {
      instance.goneAs = "deleted";
    },
  ),
  "terminate-ends-in-error": createTerminateFault(
    "it ends in ERROR instead of gone; the next terminate works",
    0,
    (instance, scene) => {
      instance.goneAtMs = null;
      instance.terminateAskedAtMs = null;
      instance.errorAtMs = scene.cloud.clock.now();
    },
  ),
} satisfies Record<string, FaultKind>;

function createStoppedFault(as: InstanceRecord["stoppedAs"]): FaultKind {
  return createLifecycleFault(
    `${as} (preempted, say) some time after the launch (ms); it is billed on`,
    1_000,
    (instance, { ms }) => {
      instance.stoppedAs = as;
      instance.stoppedAtMs = instance.launchedAtMs + ms;
    },
  );
}

function createLifecycleFault(
  description: string,
  ms: number,
  change: (instance: InstanceRecord, scene: FaultScene) => void,
  calls = launch,
): FaultKind {
  return {
    description,
    calls,
    done: true,
    ms,
    after: (scene) => {
      const instance = findInstance(scene);
      if (instance !== undefined) change(instance, scene);
    },
  };
}

function createTerminateFault(
  description: string,
  ms: number,
  change: (instance: InstanceRecord, scene: FaultScene) => void,
): FaultKind {
  return createLifecycleFault(`after a terminate: ${description}`, ms, change, terminate);
}
