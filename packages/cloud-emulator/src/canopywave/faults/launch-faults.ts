import { createInstance } from "../cloud/cloud.ts";
import { createFailure, createSuccess } from "../http/answers.ts";
import type { CallName } from "../http/call.ts";
import { answerFaults } from "./answer-faults.ts";
import { type FaultKind, findInstance } from "./kind.ts";

const launch: readonly CallName[] = ["launch"];

/** Faults of the answer to a launch. */
export const launchFaults = {
  "launch-answer-lost": {
    ...answerFaults["answer-lost"],
    description: "the instance is created, then the connection is cut",
    calls: launch,
  },
  "launch-listed-late": {
    description: "the answer is lost, and the instance appears in the list only later (ms, 90 s)",
    calls: launch,
    done: true,
    ms: 90_000,
    after: (scene) => {
      const instance = findInstance(scene);
      if (instance === undefined) return;
      instance.listedAtMs += scene.ms;
      instance.foundAtMs += scene.ms;
    },
    reply: () => ({ kind: "cut" }),
  },
  "launch-500": {
    ...answerFaults["server-error"],
    description: "500, and nothing was created",
    calls: launch,
  },
  "launch-500-created": {
    ...answerFaults["server-error-done"],
    description: "500, although the instance was created",
    calls: launch,
  },
  "launch-without-id": {
    description: "200 without an id, although the instance was created",
    calls: launch,
    done: true,
    reply: () => createSuccess({}),
  },
  "launch-html": {
    ...answerFaults["html-with-200"],
    description: "200 with HTML, although the instance was created",
    calls: launch,
  },
  "launch-error-with-200": {
    ...answerFaults["error-with-200"],
    description: "200 that carries an error, and nothing was created",
    calls: launch,
  },
  "launch-error-with-200-created": {
    ...answerFaults["error-with-200"],
    description: "200 that carries an error, although the instance was created",
    calls: launch,
    done: true,
  },
  "launch-rate-limited": {
    ...answerFaults["rate-limited"],
    description: "429 with Retry-After, and nothing was created",
    calls: launch,
  },
  "launch-twice": {
    description: "the answer is lost, and two instances of the same name exist",
    calls: launch,
    done: true,
    after: (scene) => {
      const instance = findInstance(scene);
      const flavor = scene.cloud.settings.flavors.find(({ flavor }) => flavor === instance?.flavor);
      if (instance === undefined || flavor === undefined) return;
      const { project, region, name, image } = instance;
      createInstance(scene.cloud, { project, region }, { name, flavor, image });
    },
    reply: () => ({ kind: "cut" }),
  },
  "launch-unauthorized": { ...answerFaults.unauthorized, description: "401 to a launch", calls: launch },
  "launch-payment-required": {
    ...answerFaults["payment-required"],
    description: "402 to a launch",
    calls: launch,
  },
  "launch-no-payment-method": createRefusalFault(400, "User has no default payment method"),
  "launch-billing": createRefusalFault(500, "Billing check failed: 24 hours upfront could not be charged"),
  "launch-forbidden": { ...answerFaults.forbidden, description: "403 to a launch", calls: launch },
  "launch-not-found": { ...answerFaults["not-found"], description: "404 to a launch", calls: launch },
  "launch-no-network": createRefusalFault(500, "Project network not found"),
  "launch-insufficient": createRefusalFault(500, "Insufficient resources: no valid host was found"),
  "launch-quota": createRefusalFault(
    403,
    "Quota exceeded for instances: Requested 1, but already used 10 of 10 instances",
  ),
  "launch-flavor-unavailable": createRefusalFault(400, "Flavor is not available in this region"),
} satisfies Record<string, FaultKind>;

function createRefusalFault(status: number, message: string): FaultKind {
  return {
    description: `${status} "${message}", and nothing was created`,
    calls: launch,
    done: false,
    reply: () => createFailure(status, message),
  };
}
