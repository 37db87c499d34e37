import type { RunSummary } from "@unitrain/core";

/**
 * Returns the settings in which runs on the same data differ, by run id: `lr0=0.001 freeze=10`. Only settings of the training are compared; those in
 * `settingsOutsideTraining`, and settings with the same value in all runs, are left out.
 */
export function describeDifferences(
  runs: readonly RunSummary[],
  settingsOutsideTraining: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const groups = Map.groupBy(
    runs.filter(({ settings }) => settings !== undefined),
    ({ data }) => JSON.stringify(data?.source),
  );
  return new Map(
    [...groups.values()]
      .filter((group) => group.length > 1)
      .flatMap((group) => describeGroupDifferences(group, settingsOutsideTraining)),
  );
}

function describeGroupDifferences(
  group: readonly RunSummary[],
  settingsOutsideTraining: ReadonlySet<string>,
): (readonly [id: string, text: string])[] {
  const values = group.map(
    ({ settings = [] }) =>
      new Map(
        settings
          .filter(({ name }) => !settingsOutsideTraining.has(name))
          .map(({ name, value }) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
      ),
  );
  const names = new Set(values.flatMap((settings) => [...settings.keys()]));
  const differing = [...names].filter(
    (name) => new Set(values.map((settings) => settings.get(name))).size > 1,
  );
  return group.map(({ id }, index) => {
    const changedSettings = differing.flatMap((name) => {
      const value = values[index]?.get(name);
      return value === undefined ? [] : [`${name}=${value}`];
    });
    return [id, changedSettings.join(" ")] as const;
  });
}
