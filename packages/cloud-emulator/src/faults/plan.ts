import type { EmulatorClock } from "../clock.ts";
import type { FaultKind, FaultRequest, FaultWorld } from "./kind.ts";
import { createRandom } from "./random.ts";

/** A fault that was asked for. */
export interface FaultOrder<
  Name extends string,
  Call extends string,
  Request extends FaultRequest = FaultRequest,
> {
  readonly fault: Name;
  /** How often it strikes; once by default, `Infinity` for always. */
  readonly times?: number;
  /** Instead of `times`: for so long, from the first time it strikes. */
  readonly forMs?: number;
  /** How many requests that fit are let pass first. */
  readonly skip?: number;
  /** Other calls than the fault's own. */
  readonly calls?: readonly Call[];
  /** Only requests that this accepts. */
  readonly when?: (request: Request) => boolean;
  /** The fault's own length of time, where it has one. */
  readonly ms?: number;
  /** Whether the call takes effect all the same, where the fault's own answer to that is not wanted. */
  readonly done?: boolean;
}

/** Faults by chance: the same seed and the same requests give the same faults. */
export interface RandomFaults<Name extends string> {
  readonly seed: number;
  /** Of each request, from 0 to 1. */
  readonly chance: number;
  /** All by default. */
  readonly names?: readonly Name[] | undefined;
  /** The longest that a fault's own length of time may be. */
  readonly longestMs?: number | undefined;
}

/** A fault that strikes now. */
export interface DueFault<Name extends string, Kind> {
  readonly name: Name;
  readonly kind: Kind;
  readonly ms: number;
  readonly done: boolean;
}

/** What `inject` releases. */
export interface InjectedFault {
  /** How often it has struck. */
  struck(): number;
  cancel(): void;
}

export interface FaultPlan<Name extends string, Call extends string, Request extends FaultRequest, Kind> {
  inject(order: FaultOrder<Name, Call, Request>): InjectedFault;
  /** Ends all faults, those by chance too. */
  clear(): void;
  next(request: Request): DueFault<Name, Kind> | undefined;
}

interface ArmedFault<Name extends string, Call extends string, Request extends FaultRequest> {
  readonly order: FaultOrder<Name, Call, Request>;
  seen: number;
  struck: number;
  untilMs: number | undefined;
}

/** Which fault of a cloud strikes which request: those asked for in their order, else by chance. */
export function createFaultPlan<
  Name extends string,
  Call extends string,
  World extends FaultWorld,
  Request extends FaultRequest<Call>,
>(
  clock: EmulatorClock,
  faults: Readonly<Record<Name, FaultKind<Call, World, Request>>>,
  random?: RandomFaults<Name>,
): FaultPlan<Name, Call, Request, FaultKind<Call, World, Request>> {
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
