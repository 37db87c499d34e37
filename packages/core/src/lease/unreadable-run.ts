import type { Resource } from "../spec/index.ts";
import type { FoundRun } from "../state/run-list.ts";
import type { StateProblem } from "../state/unreadable.ts";
import type { UnreadableRun } from "./gc/gc-report.ts";

/** Whether a ledger is only to be reported: nothing of it can be read, or a newer version goes on with it. */
export function mustNotBeActedOn(problem: StateProblem | undefined): boolean {
  return problem?.kind === "newer" || problem?.kind === "unreadable";
}

/** Resources that a run's records name and that are not confirmed gone. */
export function mayStillCost({ reading }: FoundRun): readonly Resource[] {
  const { unreleased } = reading.state;
  const more = reading.named.filter(
    (candidate) =>
      !unreleased.some(
        ({ kind, name, id }) => kind === candidate.kind && name === candidate.name && id === candidate.id,
      ),
  );
  return [...unreleased, ...more];
}

/** A run that may cost more than its records tell; undefined when they can be read, or show that nothing was rented. */
export function unreadableRun(run: FoundRun, problem = run.reading.problem): UnreadableRun | undefined {
  const { plan } = run.reading.state;
  if (problem === undefined) return undefined;
  if (plan?.provider.ownership === "borrowed" && problem.kind !== "newer") return undefined;
  const provider = plan?.provider.name ?? run.hints.provider;
  const priceUsdPerHour = plan?.quote.priceUsdPerHour ?? run.hints.priceUsdPerHour;
  return {
    runId: run.id,
    name: run.name,
    problem,
    mayCost: mayStillCost(run),
    ...(provider === undefined ? {} : { provider }),
    ...(priceUsdPerHour === undefined ? {} : { priceUsdPerHour }),
  };
}
