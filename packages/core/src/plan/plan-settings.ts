import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { PlanOptions } from "../api/plan-options.ts";
import type { OutputSanitizer } from "../sanitize/output-sanitizer.ts";
import type { Finding, Framework, Plan, RunSetting } from "../spec/index.ts";

type Recorded = Pick<Plan, "settings" | "command" | "repeats" | "versions">;

/** Returns what a plan records to compare and repeat the run. Secrets are masked, because it goes into receipts and lists. */
export function createPlanRecord(
  framework: Framework,
  options: PlanOptions,
  sanitizer: Pick<OutputSanitizer, "maskText" | "maskValue">,
): Recorded {
  const { command, repeats } = options;
  return {
    settings: sanitizer.maskValue(collectSettings(framework, options.settings ?? [])),
    ...(command === undefined ? {} : { command: sanitizer.maskText(command) }),
    ...(repeats === undefined ? {} : { repeats }),
    versions: { unitrain: readPackageVersion(), node: process.versions.node },
  };
}

/** Records a name that was taken both as it was requested and as it was used. */
export function withUsedName<T extends Pick<Plan, "out" | "requestedOut" | "settings">>(plan: T): T {
  const { out, requestedOut = out, settings } = plan;
  if (requestedOut === out || settings === undefined) return plan;
  const [requestedName, used] = [basename(requestedOut), basename(out)];
  return {
    ...plan,
    settings: settings.map((setting) =>
      setting.name === "name" && setting.value === requestedName ? { ...setting, used } : setting,
    ),
  };
}

/** Warns if the data of a repeated run has changed. This is not an error, because the change is most likely intended. */
export function findChangedData({ repeats }: PlanOptions, digest: string): readonly Finding[] {
  if (repeats === undefined || repeats.dataDigest === digest) return [];
  const message = `The data has changed since ${repeats.name} trained on it: its digest was ${repeats.dataDigest} and is now ${digest}.`;
  return [{ kind: "settings", severity: "warning", file: "", message }];
}

/** Returns the framework's settings, each with the source that the user named for it, and then all other settings. */
function collectSettings(framework: Framework, userSettings: readonly RunSetting[]): readonly RunSetting[] {
  const described = framework.describe().settings ?? [];
  const names = new Set(described.map(({ name }) => name));
  const frameworkSettings = described.map(({ name, value, isExplicit: isGiven }): RunSetting => {
    const sources = new Set(
      userSettings.filter((setting) => setting.name === name).map(({ source }) => source),
    );
    return { name, value, source: [...sources].join(", ") || (isGiven ? "code" : "default") };
  });
  return [...frameworkSettings, ...userSettings.filter(({ name }) => !names.has(name))];
}

/** Reads the version from a path, because to `require` the package by its name would take a millisecond of every plan. */
function readPackageVersion(): string {
  const path = import.meta.url.endsWith(".ts") ? "../../package.json" : "../package.json";
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")).version;
}
