import type { EmulatedCloud } from "../emulator/emulated-cloud.ts";
import type { BaseInstance } from "../emulator/records.ts";
import type { AnswerForm, CallRequest } from "../http/call.ts";
import type { Reply } from "../http/reply.ts";
import type { FaultKind, FaultScene } from "./kind.ts";

/** How a cloud's API expresses what the faults of all clouds are about. */
export interface FaultDialect<
  // biome-ignore lint/suspicious/noExplicitAny: each cloud has settings and a state of its own
  Cloud extends EmulatedCloud<any, any>,
  Call extends string,
  Instance extends BaseInstance,
> extends AnswerForm {
  /** The calls that the faults affect. */
  readonly calls: {
    readonly launch: readonly Call[];
    /** Those that list instances. */
    readonly lists: readonly Call[];
    readonly terminate: readonly Call[];
    readonly keyCreate: readonly Call[];
    readonly keyDelete: readonly Call[];
    /** Those that tell prices. */
    readonly prices: readonly Call[];
    /** Those whose answers have texts for people. */
    readonly texts: readonly Call[];
    /** Those that describe instances and keys. */
    readonly descriptions: readonly Call[];
  };
  /** Fields with texts for people, which get escape codes. */
  readonly textFields: readonly string[];
  /** Fields that a sparse answer still has, and those whose whole content it has. */
  readonly requiredFields: readonly string[];
  readonly requiredObjects: readonly string[];
  /** Returns what `data` was called with. */
  getPayload(reply: Reply | undefined): unknown;
  /** Returns the instance that was just launched, or that the request names. */
  findInstance(scene: FaultScene<Cloud, CallRequest<Call>>): Instance | undefined;
  /** Launches an instance with the same name again. */
  launchAgain(cloud: Cloud, instance: Instance): void;
  /** Answers a request that took no effect as if it had. */
  acknowledge(request: CallRequest<Call>): Reply;
  /** Returns what the price calls return, with each price changed; `undefined` for none. */
  changePrices(payload: unknown, change: (price: number) => number | undefined): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: each cloud has settings and a state of its own
export type AnyCloud = EmulatedCloud<any, any>;

/** A fault of a cloud with this dialect. */
export type CloudFault<Cloud extends AnyCloud, Call extends string> = FaultKind<
  Call,
  Cloud,
  CallRequest<Call>
>;
