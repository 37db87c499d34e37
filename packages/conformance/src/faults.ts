/**
 * How a call misbehaves: it throws, never returns, takes effect but loses its answer (`lost-answer`), loses the
 * connection (`cut`), or returns another answer.
 */
export type Fault = "throws" | "hangs" | "lost-answer" | "cut" | { readonly answers: unknown };

/** Planned faults by call, such as `provider.release` or `session.ship`. */
export interface Faults {
  /** Makes the next `times` calls misbehave; once by default. */
  on(call: string, fault: Fault, times?: number): void;
  /** Removes and returns the next fault of a call; undefined when none is planned. */
  take(call: string): Fault | undefined;
}

/**
 * Creates an empty plan of faults. A `MemoryCloud` has one in `faults`.
 *
 * @example
 * ```ts
 * import { createFaults } from "@unitrain/conformance";
 *
 * const faults = createFaults();
 * faults.on("provider.release", "lost-answer");
 * console.log(faults.take("provider.release")); // "lost-answer"
 * ```
 */
export function createFaults(): Faults {
  const planned = new Map<string, Fault[]>();
  return {
    on(call, fault, times = 1) {
      planned.set(call, [...(planned.get(call) ?? []), ...Array<Fault>(Math.min(times, 10_000)).fill(fault)]);
    },
    take: (call) => planned.get(call)?.shift(),
  };
}
