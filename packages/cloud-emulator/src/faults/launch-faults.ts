import type { BaseInstance } from "../emulator/records.ts";
import type { AnyCloud, CloudFault, FaultDialect } from "./dialect.ts";
import type { createWireFaults } from "./wire-faults.ts";

/** Faults of the answer to a launch. */
export function createLaunchFaults<
  Cloud extends AnyCloud,
  Call extends string,
  Instance extends BaseInstance,
>(dialect: FaultDialect<Cloud, Call, Instance>, wire: ReturnType<typeof createWireFaults>) {
  const calls = dialect.calls.launch;
  return {
    "launch-answer-lost": {
      ...wire["answer-lost"],
      description: "the instance is created, then the connection is cut",
      calls,
    },
    "launch-listed-late": {
      description: "the answer is lost, and the instance appears in the list only later (ms, 90 s)",
      calls,
      done: true,
      ms: 90_000,
      after: (scene) => {
        const instance = dialect.findInstance(scene);
        if (instance === undefined) return;
        instance.listedAtMs += scene.ms;
        instance.foundAtMs += scene.ms;
      },
      reply: () => ({ kind: "cut" }),
    },
    "launch-500": { ...wire["server-error"], description: "500, and nothing was created", calls },
    "launch-500-created": {
      ...wire["server-error-done"],
      description: "500, although the instance was created",
      calls,
    },
    "launch-without-id": {
      description: "200 without an id, although the instance was created",
      calls,
      done: true,
      reply: () => dialect.data({}),
    },
    "launch-html": {
      ...wire["html-with-200"],
      description: "200 with HTML, although the instance was created",
      calls,
    },
    "launch-error-with-200": {
      ...wire["error-with-200"],
      description: "200 that carries an error, and nothing was created",
      calls,
    },
    "launch-error-with-200-created": {
      ...wire["error-with-200"],
      description: "200 that carries an error, although the instance was created",
      calls,
      done: true,
    },
    "launch-rate-limited": {
      ...wire["rate-limited"],
      description: "429 with Retry-After, and nothing was created",
      calls,
    },
    "launch-twice": {
      description: "the answer is lost, and two instances of the same name exist",
      calls,
      done: true,
      after: (scene) => {
        const instance = dialect.findInstance(scene);
        if (instance !== undefined) dialect.launchAgain(scene.cloud, instance);
      },
      reply: () => ({ kind: "cut" }),
    },
    "launch-unauthorized": { ...wire.unauthorized, description: "401 to a launch", calls },
    "launch-payment-required": { ...wire["payment-required"], description: "402 to a launch", calls },
    "launch-forbidden": { ...wire.forbidden, description: "403 to a launch", calls },
    "launch-not-found": { ...wire["not-found"], description: "404 to a launch", calls },
  } satisfies Record<string, CloudFault<Cloud, Call>>;
}
