import { type Action, type ErrorCode, UnitrainError } from "../../spec/index.ts";
import type { CloudApi } from "./cloud-api.ts";
import { ApiFailure, isTransient } from "./failure.ts";

/** What an error of a cloud means for the user. */
export interface ErrorMeaning {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly action?: Action;
}

/** The meanings of errors that differ from cloud to cloud. */
export interface ErrorMeanings {
  readonly payment: ErrorMeaning;
  /** A 403: the key is valid, but not for this call. */
  readonly notAllowed: ErrorMeaning;
  /** A 404 to a call that names what to rent. */
  readonly notFound: ErrorMeaning;
  /** Patterns of messages, in this order, whatever the status. */
  readonly messages: readonly (readonly [RegExp, ErrorMeaning])[];
}

/** Turns the failures of a cloud's API into errors for the user. */
export interface ErrorExplainer {
  /** Finds the meaning of an error message, whatever its status code. */
  findMessageMeaning(message: string): ErrorMeaning | undefined;
  /** Converts an ApiFailure to a UnitrainError with a hint; returns anything else unchanged. */
  toUnitrainError(failure: unknown, activity: string): unknown;
  /** Runs a step, and converts its API failures to UnitrainErrors. */
  explainFailures<T>(activity: string, step: () => Promise<T>): Promise<T>;
}

/** Creates the explainer of a cloud from what its errors mean. */
export function createErrorExplainer(
  { cloud, keyVariable }: Pick<CloudApi, "cloud" | "keyVariable">,
  { payment, notAllowed, notFound, messages }: ErrorMeanings,
): ErrorExplainer {
  const rejectedKey: ErrorMeaning = {
    code: "PROVIDER_ACCESS",
    hint: `Check that the key (option apiKey, variable ${keyVariable}) still exists in ${cloud}'s console.`,
  };
  const busy: ErrorMeaning = {
    code: "PROVIDER_UNAVAILABLE",
    hint: `Wait a few minutes, then try again: ${cloud} asks for fewer requests.`,
  };
  const unavailable: ErrorMeaning = {
    code: "PROVIDER_UNAVAILABLE",
    hint: `Try again in a few minutes, and check ${cloud}'s status page if it still fails.`,
  };
  const findMessageMeaning = (message: string) => messages.find(([pattern]) => pattern.test(message))?.[1];
  const toUnitrainError = (failure: unknown, activity: string): unknown => {
    if (!(failure instanceof ApiFailure)) return failure;
    const { code, hint, action } = findMeaning(failure);
    return new UnitrainError(code, `${cloud}: ${activity} failed: ${failure.message}.`, {
      hint,
      action,
      retryable: isTransient(failure) || code === "OUT_OF_STOCK",
      cause: failure,
    });
  };
  return {
    findMessageMeaning,
    toUnitrainError,
    async explainFailures(activity, step) {
      try {
        return await step();
      } catch (error) {
        throw toUnitrainError(error, activity);
      }
    },
  };

  function findMeaning(failure: ApiFailure): ErrorMeaning {
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
      hint: `Follow ${cloud}'s message above, or check the machine in its console.`,
    };
  }
}
