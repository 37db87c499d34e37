import { type FaultName, faultNames, faults } from "../canopywave/faults/table.ts";
import type { CallName, CallRequest } from "../canopywave/http/call.ts";
import type { EmulatorClock } from "../clock.ts";
import type { FaultKind } from "./kind.ts";
import { randomOf } from "./random.ts";

/** A fault that was asked for. */
export interface FaultOrder {
  readonly fault: FaultName;
  /** How often it strikes; once by default, `Infinity` for always. */
  readonly times?: number;
  /** Instead of `times`: for so long, from the first time it strikes. */
  readonly forMs?: number;
  /** How many requests that fit are let pass first. */
  readonly skip?: number;
  /** Other calls than the fault's own. */
  readonly calls?: readonly CallName[];
  /** Only requests that this accepts. */
  readonly when?: (request: CallRequest) => boolean;
  /** The fault's own length of time, where it has one. */
  readonly ms?: number;
  /** Whether the call takes effect all the same, where the fault's own answer to that is not wanted. */
  readonly done?: boolean;
}

/** Faults by chance: the same seed and the same requests give the same faults. */
export interface RandomFaults {
  readonly seed: number;
  /** Of each request, from 0 to 1. */
  readonly chance: number;
  /** All by default. */
  readonly names?: readonly FaultName[] | undefined;
  /** The longest that a fault's own length of time may be. */
  readonly longestMs?: number | undefined;
}

/** A fault that strikes now. */
export interface DueFault {
  readonly name: FaultName;
  readonly kind: FaultKind;
  readonly ms: number;
  readonly done: boolean;
}

/** What `inject` gives back. */
export interface InjectedFault {
  /** How often it has struck. */
  struck(): number;
  cancel(): void;
}

export interface FaultPlan {
  inject(order: FaultOrder): InjectedFault;
  /** Ends all faults, those by chance too. */
  clear(): void;
  next(request: CallRequest): DueFault | undefined;
}

interface Standing {
  readonly order: FaultOrder;
  seen: number;
  struck: number;
  untilMs: number | undefined;
}

/** Which fault strikes which request: those asked for in their order, else by chance. */
export function createFaultPlan(clock: EmulatorClock, random?: RandomFaults): FaultPlan {
  let standing: Standing[] = [];
  let byChance = random === undefined ? undefined : chooser(random);
  return {
    inject(order) {
      const one: Standing = { order, seen: 0, struck: 0, untilMs: undefined };
      standing.push(one);
      return {
        struck: () => one.struck,
        cancel: () => {
          standing = standing.filter((other) => other !== one);
        },
      };
    },
    clear() {
      standing = [];
      byChance = undefined;
    },
    next(request) {
      standing = standing.filter((one) => !isOver(one, clock.now()));
      const one = standing.find((candidate) => strikes(candidate, request));
      if (one === undefined) return byChance?.(request);
      one.struck += 1;
      if (one.order.forMs !== undefined) one.untilMs ??= clock.now() + one.order.forMs;
      const kind = faults[one.order.fault];
      return {
        name: one.order.fault,
        kind,
        ms: one.order.ms ?? kind.ms ?? 0,
        done: one.order.done ?? kind.done,
      };
    },
  };
}

function strikes(one: Standing, request: CallRequest): boolean {
  const { fault, calls = faults[fault].calls, when = () => true, skip = 0 } = one.order;
  if (calls !== "any" && !calls.includes(request.call)) return false;
  if (!when(request)) return false;
  one.seen += 1;
  return one.seen > skip;
}

function isOver({ order, struck, untilMs }: Standing, nowMs: number): boolean {
  if (order.forMs !== undefined) return untilMs !== undefined && nowMs >= untilMs;
  return struck >= (order.times ?? 1);
}

function chooser({ seed, chance, names = faultNames, longestMs = 1_000 }: RandomFaults) {
  const random = randomOf(seed);
  return (request: CallRequest): DueFault | undefined => {
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
