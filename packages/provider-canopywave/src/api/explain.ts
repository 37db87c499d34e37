import { type Action, type ErrorCode, UnitrainError } from "@unitrain/core/spec";
import { ApiFailure, isTransient } from "./failure.ts";

interface Meaning {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly action?: Action;
}

const payment: Meaning = {
  code: "PAYMENT_REQUIRED",
  hint: "Add a default payment method or balance in CanopyWave's console, then try again. Some GPUs are charged 24 hours upfront.",
};
const network: Meaning = {
  code: "NO_NETWORK",
  hint: "Create a network for the project in CanopyWave's console that allows SSH, then try again.",
};
const stock: Meaning = {
  code: "OUT_OF_STOCK",
  hint: "Try again later, or choose another region or GPU.",
  action: { type: "list-offers" },
};
const quota: Meaning = {
  code: "QUOTA_EXCEEDED",
  hint: "Delete resources that you no longer need in this project, or ask CanopyWave for a larger quota.",
};
const rejectedKey: Meaning = {
  code: "PROVIDER_ACCESS",
  hint: "Check that the key (option apiKey, variable CANOPYWAVE_API_KEY) still exists in CanopyWave's console.",
};
const notAllowed: Meaning = {
  code: "PROVIDER_ACCESS",
  hint: "Check the project and the rights of the key in CanopyWave's console: the key is valid but not allowed to do this.",
};
const notFound: Meaning = {
  code: "NOT_AVAILABLE",
  hint: "Compare project, region, flavor and image with the offers: one of them does not exist.",
  action: { type: "list-offers" },
};
const busy: Meaning = {
  code: "PROVIDER_UNAVAILABLE",
  hint: "Wait a few minutes, then try again: CanopyWave asks for fewer requests.",
};
const unavailable: Meaning = {
  code: "PROVIDER_UNAVAILABLE",
  hint: "Try again in a few minutes, and check CanopyWave's status page if it still fails.",
};

/** Patterns of messages, in this order: "insufficient" may mean money, hosts or a quota. */
const messagePatterns: readonly (readonly [RegExp, Meaning])[] = [
  [
    /default payment method|payment|billing|insufficient (?:balance|funds|credits?)|(?:balance|credits?) (?:is )?(?:too low|insufficient)/i,
    payment,
  ],
  [/project network not found|network (?:was )?not found|no network/i, network],
  [
    /no valid host|out[ _-]of[ _-]stock|sold out|not available in|unavailable in|no capacity|insufficient (?:capacity|resources?|stock|hosts?)/i,
    stock,
  ],
  [/quota|limit exceeded|insufficient/i, quota],
];

/** Finds the meaning of an error message, whatever its status code. */
export function findMessageMeaning(message: string): Meaning | undefined {
  return messagePatterns.find(([pattern]) => pattern.test(message))?.[1];
}

/** Converts an ApiFailure to a UnitrainError with a hint; returns anything else unchanged. */
export function toUnitrainError(failure: unknown, activity: string): unknown {
  if (!(failure instanceof ApiFailure)) return failure;
  const { code, hint, action } = findMeaning(failure);
  return new UnitrainError(code, `CanopyWave: ${activity} failed: ${failure.message}.`, {
    hint,
    action,
    retryable: isTransient(failure) || code === "OUT_OF_STOCK",
    cause: failure,
  });
}

/** Runs a step, and converts its API failures to UnitrainErrors. */
export async function explainFailures<T>(activity: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw toUnitrainError(error, activity);
  }
}

function findMeaning(failure: ApiFailure): Meaning {
  if (failure.kind !== "answered")
    return failure.hint === undefined ? unavailable : { ...unavailable, hint: failure.hint };
  const { status = 0 } = failure;
  if (status === 401) return rejectedKey;
  if (status === 402) return payment;
  if (status === 429) return busy;
  const messageMeaning = findMessageMeaning(failure.response);
  if (messageMeaning !== undefined) return messageMeaning;
  if (status === 403) return notAllowed;
  if (status === 404) return notFound;
  if (isTransient(failure)) return unavailable;
  return {
    code: "LEASE_FAILED",
    hint: "Follow CanopyWave's message above, or check the instance in its console.",
  };
}
