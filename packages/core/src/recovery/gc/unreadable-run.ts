import type { UnreadableRun } from "../../api/gc-report.ts";
import type { Resource } from "../../spec/index.ts";
import { listUnreleased } from "../../state/run-leases.ts";
import type { FoundRun } from "../../state/run-list.ts";

/** Lists the resources that a run's records name and that are not confirmed gone. */
export function listPossibleCosts(run: FoundRun): readonly Resource[] {
  const unreleased = listUnreleased(run);
  const readings = [run.reading, ...run.leases.map(({ reading }) => reading)];
  const mentionedResources = [...new Set(readings.flatMap((reading) => reading.mentionedResources))];
  const more = mentionedResources.filter(
    (candidate) =>
      !unreleased.some(
        ({ kind, name, id }) => kind === candidate.kind && name === candidate.name && id === candidate.id,
      ),
  );
  return [...unreleased, ...more];
}

/** Describes a run that may cost more than its records show. Returns undefined if they can be read, or show that nothing was rented. */
export function describeUnreadableRun(
  run: FoundRun,
  problem = run.reading.problem,
): UnreadableRun | undefined {
  const { plan } = run.reading.state;
  if (problem === undefined) return undefined;
  if (plan?.provider.ownership === "borrowed" && problem.kind !== "newer") return undefined;
  const provider = plan?.provider.name ?? run.hints.provider;
  const priceUsdPerHour = plan?.quote.priceUsdPerHour ?? run.hints.priceUsdPerHour;
  return {
    runId: run.id,
    name: run.name,
    problem,
    mayCost: listPossibleCosts(run),
    ...(provider === undefined ? {} : { provider }),
    ...(priceUsdPerHour === undefined ? {} : { priceUsdPerHour }),
  };
}
