import { type ReleaseProof, type Resource, type RunContext, UnitrainError } from "../../spec/index.ts";
import type { ErrorExplainer } from "./explain.ts";
import { ApiFailure, hasStatus } from "./failure.ts";

/** Most resources are gone within seconds. After these rounds, polls are less frequent. */
const fastRounds = 10;
const slowPollMs = 5_000;
/** The longest pause that is kept when the provider requests one, because resources cost money meanwhile. */
const maxPauseMs = 30_000;
/** Rounds before progress is shown. */
const quietRounds = 2;

/** What `waitUntilGone` needs of the release of one resource. */
export interface GoneOperation {
  readonly context: Pick<RunContext, "showStatus" | "wait">;
  readonly resource: Resource;
  /** The name of the cloud. */
  readonly cloud: string;
  readonly toUnitrainError: ErrorExplainer["toUnitrainError"];
  /** Confirms that the key sees the account of the resource: another key would see nothing, which would prove nothing. */
  readonly confirmAccount: () => Promise<void>;
  readonly pollMs: number;
  readonly now: () => number;
  /** When this call gives up; core calls again. */
  readonly giveUpAt: number;
}

/** Result of one round: evidence that the resource is gone, or what is still awaited. */
export type RoundResult = { readonly gone: string } | { readonly waitingFor: string };

/** The steps that release one resource. Each round calls `end`, then `prove`, whether `end` succeeded or not. */
export interface ReleaseSteps {
  /** Sends the calls that end the cost, without reading anything first. Returns whether there was anything to end. */
  end(): Promise<boolean>;
  /** Only reads. Returns whether that proves that the resource is gone. */
  prove(): Promise<RoundResult>;
}

/**
 * Runs rounds until the resource is proven gone or the time is over. What fails in one round is repeated in the next.
 */
export async function waitUntilGone(
  operation: GoneOperation,
  { end, prove }: ReleaseSteps,
): Promise<ReleaseProof> {
  const { cloud, confirmAccount, context, now, resource, giveUpAt: until } = operation;
  for (let rounds = 0; ; rounds += 1) {
    const endResult = await settle(end());
    // The key of another account sees none of our resources, so their absence would prove nothing.
    const [roundResult, projectSeen] = await Promise.all([settle(prove()), settle(confirmAccount())]);
    const failures = [projectSeen, endResult, roundResult].flatMap(({ failure }) =>
      failure === undefined ? [] : [failure],
    );
    for (const failure of failures) if (!(failure instanceof ApiFailure)) throw failure;
    const evidence =
      roundResult.value !== undefined && "gone" in roundResult.value ? roundResult.value.gone : undefined;
    if (evidence !== undefined && projectSeen.failure === undefined) {
      return { resource, goneAt: new Date(now()).toISOString(), evidence: evidence };
    }
    const refusal = failures.find((failure) => hasStatus(failure, 401) || hasStatus(failure, 403));
    if (refusal !== undefined) throw operation.toUnitrainError(refusal, `releasing ${resource.name}`);
    // A failure to end the resource is more important than a failure to read it.
    const failure = [endResult, roundResult, projectSeen]
      .map((result) => result.failure)
      .find((result) => result instanceof ApiFailure);
    if (rounds >= quietRounds) showProgress(operation, endResult, failure);
    if (now() >= until)
      throw unconfirmedError(
        cloud,
        resource,
        failure?.message ?? describeWaiting(roundResult.value),
        failure,
      );
    await context.wait(Math.min(getWaitMs(operation, rounds, failure), Math.max(1, until - now())));
  }
}

/** Shows one short line: first whether the cost has ended, then what is missing. Nothing is shown for a resource that is free. */
function showProgress(
  { cloud, context, resource }: GoneOperation,
  endResult: Settled<boolean>,
  failure: ApiFailure | undefined,
): void {
  const { kind, free } = resource;
  if (free) return;
  const done = kind === "address" ? "removed" : "terminated";
  if (endResult.failure !== undefined)
    context.showStatus(`${kind} not ${done} yet: ${describeFailure(cloud, failure)}`);
  else if (!endResult.value)
    context.showStatus(
      `looking for the ${kind}: ${failure ? describeFailure(cloud, failure) : "it may appear late"}`,
    );
  else
    context.showStatus(
      `${kind} ${done}, ${failure ? `unconfirmed: ${describeFailure(cloud, failure)}` : "not gone yet"}`,
    );
}

function describeFailure(cloud: string, failure: ApiFailure | undefined): string {
  if (failure?.kind === "proxy") return failure.response;
  const status = failure?.kind === "answered" ? failure.status : undefined;
  return status === undefined ? `${cloud} gives no usable answer` : `${cloud} answers ${status}`;
}

type Settled<T> =
  | { readonly value: T; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: unknown };

async function settle<T>(promise: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await promise };
  } catch (failure) {
    return { failure };
  }
}

function getWaitMs({ pollMs }: GoneOperation, rounds: number, failure: ApiFailure | undefined): number {
  const pollPauseMs = rounds < fastRounds ? pollMs : Math.max(pollMs, slowPollMs);
  return Math.max(pollPauseMs, Math.min(failure?.retryAfterMs ?? 0, maxPauseMs));
}

function describeWaiting(roundResult: RoundResult | undefined): string {
  return roundResult !== undefined && "waitingFor" in roundResult
    ? roundResult.waitingFor
    : "nothing was answered";
}

function unconfirmedError(
  cloud: string,
  resource: Resource,
  waitingFor: string,
  cause?: ApiFailure,
): UnitrainError {
  const { kind, id, name } = resource;
  return new UnitrainError(
    "RELEASE_UNCONFIRMED",
    `${cloud} has not confirmed that the ${kind} ${name}${id && id !== name ? ` (${id})` : ""} is gone: ${waitingFor}.`,
    {
      hint: `Release it again until it is confirmed, or delete it in ${cloud}'s console.`,
      action: { type: "release" },
      retryable: true,
      cause,
    },
  );
}
