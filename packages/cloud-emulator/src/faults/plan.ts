import type { EmulatorClock } from "../clock.ts";
import type { FaultCloud, FaultKind, FaultRequest } from "./kind.ts";
import { createRandom } from "./random.ts";

/** A request to inject a fault. */
export interface FaultOrder<
  Name extends string,
  Call extends string,
  Request extends FaultRequest = FaultRequest,
> {
  readonly fault: Name;
  /** Number of times it strikes; once by default, `Infinity` for always. */
  readonly times?: number;
  /** Instead of `times`: duration in milliseconds, from its first strike. */
  readonly forMs?: number;
  /** Number of matching requests to let pass first. */
  readonly skip?: number;
  /** Calls to affect instead of the fault's own. */
  readonly calls?: readonly Call[];
  /** Limits the fault to requests that this function accepts. */
  readonly when?: (request: Request) => boolean;
  /** Duration in milliseconds, for faults that have one. */
  readonly ms?: number;
  /** Overrides whether the call takes effect. */
  readonly done?: boolean;
}

/** Random faults. The same seed and requests give the same faults. */
export interface RandomFaults<Name extends string> {
  readonly seed: number;
  /** Probability per request, from 0 to 1. */
  readonly chance: number;
  /** Faults to choose from; all by default. */
  readonly names?: readonly Name[] | undefined;
  /** Maximum duration of a fault in milliseconds. */
  readonly longestMs?: number | undefined;
}

/** A fault that strikes a request. */
export interface DueFault<Name extends string, Kind> {
  readonly name: Name;
  readonly kind: Kind;
  readonly ms: number;
  readonly done: boolean;
}

/** Handle of an injected fault. */
export interface InjectedFault {
  /** Returns how often it has struck. */
  struck(): number;
  cancel(): void;
}

export interface FaultPlan<Name extends string, Call extends string, Request extends FaultRequest, Kind> {
  inject(order: FaultOrder<Name, Call, Request>): InjectedFault;
  /** Disarms all faults, including random ones. */
  clear(): void;
  next(request: Request): DueFault<Name, Kind> | undefined;
}

interface ArmedFault<Name extends string, Call extends string, Request extends FaultRequest> {
  readonly order: FaultOrder<Name, Call, Request>;
  seen: number;
  struck: number;
  untilMs: number | undefined;
}

/** Decides which fault strikes a request: injected faults in their order, otherwise a random one. */
export function createFaultPlan<
  Name extends string,
  Call extends string,
  Cloud extends FaultCloud,
  Request extends FaultRequest<Call>,
>(
  clock: EmulatorClock,
  faults: Readonly<Record<Name, FaultKind<Call, Cloud, Request>>>,
  random?: RandomFaults<Name>,
): FaultPlan<Name, Call, Request, FaultKind<Call, Cloud, Request>> {
  type Armed = ArmedFault<Name, Call, Request>;
  let armed: Armed[] = [];
  let chooseRandom = random === undefined ? undefined : createRandomChooser(faults, random);
  const strikes = (entry: Armed, request: Request): boolean => {
    const { fault, calls = faults[fault].calls, when = () => true, skip = 0 } = entry.order;
    if (calls !== "any" && !calls.includes(request.call)) return false;
    if (!when(request)) return false;
    entry.seen += 1;
    return entry.seen > skip;
  };
  return {
    inject(order) {
      const entry: Armed = { order, seen: 0, struck: 0, untilMs: undefined };
      armed.push(entry);
      return {
        struck: () => entry.struck,
        cancel: () => {
          armed = armed.filter((fault) => fault !== entry);
        },
      };
    },
    clear() {
      armed = [];
      chooseRandom = undefined;
    },
    next(request) {
      armed = armed.filter((entry) => !isOver(entry, clock.now()));
      const entry = armed.find((candidate) => strikes(candidate, request));
      if (entry === undefined) return chooseRandom?.(request);
      entry.struck += 1;
      if (entry.order.forMs !== undefined) entry.untilMs ??= clock.now() + entry.order.forMs;
      const kind = faults[entry.order.fault];
      return {
        name: entry.order.fault,
        kind,
        ms: entry.order.ms ?? kind.ms ?? 0,
        done: entry.order.done ?? kind.done,
      };
    },
  };
}

function isOver<Name extends string, Call extends string, Request extends FaultRequest>(
  { order, struck, untilMs }: ArmedFault<Name, Call, Request>,
  nowMs: number,
): boolean {
  if (order.forMs !== undefined) return untilMs !== undefined && nowMs >= untilMs;
  return struck >= (order.times ?? 1);
}

function createRandomChooser<
  Name extends string,
  Call extends string,
  Kind extends FaultKind<Call, never, never>,
>(
  faults: Readonly<Record<Name, Kind>>,
  { seed, chance, names = Object.keys(faults).toSorted() as Name[], longestMs = 1_000 }: RandomFaults<Name>,
) {
  const random = createRandom(seed);
  return (request: FaultRequest<Call>): DueFault<Name, Kind> | undefined => {
    if (random() >= chance) return undefined;
    const fitting = names.filter((name) => {
      const { calls } = faults[name];
      return calls === "any" || calls.includes(request.call);
    });
    const name = fitting[Math.floor(random() * fitting.length)];
    if (name === undefined) return undefined;
    const kind = faults[name];
    return { name, kind, ms: Math.min(kind.ms ?? 0, longestMs), done: kind.done };
  };
}
