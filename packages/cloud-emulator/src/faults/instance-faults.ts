import type { BaseInstance } from "../emulator/records.ts";
import type { CallRequest } from "../http/call.ts";
import type { AnyCloud, CloudFault, FaultDialect } from "./dialect.ts";
import type { FaultScene } from "./kind.ts";
import type { createWireFaults } from "./wire-faults.ts";

/** Faults of an instance after a successful launch, of the list of instances, and of terminate. */
export function createInstanceFaults<
  Cloud extends AnyCloud,
  Call extends string,
  Instance extends BaseInstance,
>(dialect: FaultDialect<Cloud, Call, Instance>, wire: ReturnType<typeof createWireFaults>) {
  const { lists, terminate } = dialect.calls;
  const { launched, terminated } = createChanges(dialect);
  return {
    "instance-error": launched(
      "it is broken at boot, some time after the launch (ms)",
      0,
      (instance, { ms }) => {
        instance.errorAtMs = instance.launchedAtMs + ms;
        instance.activeAtMs = null;
      },
    ),
    "instance-never-ready": launched("it boots for ever", 0, (instance) => {
      instance.activeAtMs = null;
    }),
    "instance-stopped": launched(
      "it stops some time after the launch (ms); it is billed on",
      1_000,
      (instance, { ms }) => {
        instance.stoppedAtMs = instance.launchedAtMs + ms;
      },
    ),
    "instance-vanishes": launched(
      "taken away by the provider some time after the launch (ms)",
      1_000,
      (instance, { ms }) => {
        instance.goneAtMs = instance.launchedAtMs + ms;
      },
    ),
    "instance-not-found-at-first": launched(
      "404 by id and in no list for a while after the launch (ms): the settle window",
      5_000,
      (instance, { ms }) => {
        instance.foundAtMs += ms;
        instance.listedAtMs += ms;
      },
    ),
    "list-fails": {
      ...wire["server-error"],
      description: "a page of the list fails with 500",
      calls: lists,
    },
    "list-empty": {
      description: "the list says that there is nothing, although there is",
      calls: lists,
      done: true,
      reply: () => dialect.data([]),
    },
    "list-incomplete": {
      description: "the newest instance is missing in the list",
      calls: lists,
      done: true,
      reply: ({ truthfulReply }) => {
        const rows = dialect.getPayload(truthfulReply);
        return dialect.data(Array.isArray(rows) ? rows.slice(0, -1) : []);
      },
    },
    "terminate-fails": {
      ...wire["server-error"],
      description: "500 to a terminate that took no effect",
      calls: terminate,
    },
    "terminate-answer-lost": {
      ...wire["answer-lost"],
      description: "the instance is terminated, then the connection is cut",
      calls: terminate,
    },
    "terminate-ignored": {
      description: "a terminate is answered well and takes no effect",
      calls: terminate,
      done: false,
      reply: ({ request }) => dialect.acknowledge(request),
    },
    "terminate-slow": terminated("it is gone only later (ms)", 60_000, (instance, { ms, cloud }) => {
      instance.goneAtMs = cloud.clock.now() + ms;
    }),
    "terminate-never-ends": terminated("it is on its way out for ever", 0, (instance) => {
      instance.goneAtMs = null;
    }),
    "terminate-ends-in-error": terminated(
      "it is broken instead of gone; the next terminate works",
      0,
      (instance, { cloud }) => {
        instance.goneAtMs = null;
        instance.terminateAskedAtMs = null;
        instance.errorAtMs = cloud.clock.now();
      },
    ),
  } satisfies Record<string, CloudFault<Cloud, Call>>;
}

type Change<Cloud extends AnyCloud, Call extends string, Instance> = (
  instance: Instance,
  scene: FaultScene<Cloud, CallRequest<Call>>,
) => void;

/** Creates faults that change the record of an instance after its launch, and after a terminate. */
export function createChanges<Cloud extends AnyCloud, Call extends string, Instance extends BaseInstance>(
  dialect: Pick<FaultDialect<Cloud, Call, Instance>, "findInstance" | "calls">,
) {
  const after =
    (calls: readonly Call[], prefix: string) =>
    (description: string, ms: number, change: Change<Cloud, Call, Instance>): CloudFault<Cloud, Call> => ({
      description: prefix + description,
      calls,
      done: true,
      ms,
      after: (scene) => {
        const instance = dialect.findInstance(scene);
        if (instance !== undefined) change(instance, scene);
      },
    });
  return {
    launched: after(dialect.calls.launch, ""),
    terminated: after(dialect.calls.terminate, "after a terminate: "),
  };
}
