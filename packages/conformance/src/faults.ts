/** How a call misbehaves. `lost-answer`: it happened, and the answer never came. */
export type Fault = "throws" | "hangs" | "lost-answer" | "cut" | { readonly answers: unknown };

/** What shall go wrong, by call: `provider.release`, `session.ship`… */
export interface Faults {
  /** The next `times` calls misbehave. */
  on(call: string, fault: Fault, times?: number): void;
  take(call: string): Fault | undefined;
}

export function createFaults(): Faults {
  const planned = new Map<string, Fault[]>();
  return {
    on(call, fault, times = 1) {
      planned.set(call, [...(planned.get(call) ?? []), ...Array<Fault>(Math.min(times, 10_000)).fill(fault)]);
    },
    take: (call) => planned.get(call)?.shift(),
  };
}
