import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../test/collected.ts";
import { generateSettings } from "../../test/generated-settings.ts";
import { generateReference } from "../../test/reference.ts";
import { complete } from "../commands/completion/complete.ts";
import { checkConfig } from "./config/check-config.ts";
import type { UnitrainConfig } from "./config/config.ts";
import { listCommandSettings } from "./declarations/command-settings.ts";
import { commands } from "./declarations/commands.ts";
import { createOptions } from "./declare-flag.ts";
import { formatCommandHelp } from "./help/help-text.ts";
import { listAllSettings } from "./list-all-settings.ts";
import { collectPlanOptions } from "./plan-options.ts";
import { listSettingSources } from "./sources.ts";
import { createDeclarations } from "./table/declare.ts";
import { table } from "./table/table.ts";
import { positiveNumber } from "./table/value-types.ts";

/** All that is written to add a setting. */
const entries = {
  ...table,
  maxWatts: {
    type: positiveNumber("watts"),
    flag: "--max-watts <watts>",
    config: "maxWatts",
    environmentVariable: "UNITRAIN_MAX_WATTS",
    otherNames: ["power"],
    // Stands for an option of core that is as new.
    plan: "uplinkMbps",
    help: "pause the training above this",
    default: "900",
    group: "Machine",
    commands: ["plan", "train"],
  },
} as const;

const own = createDeclarations(entries);
const settings = listAllSettings(undefined, own);
const train = commands.find(({ name }) => name === "train");
if (train === undefined) throw new Error("There is a command train.");
const workingContext = { folder: "/project", env: { UNITRAIN_MAX_WATTS: "400" } };
const configured = { file: "unitrain.config.ts", folder: "/project" };

describe("a setting that is declared in the table", () => {
  it("is parsed and checked as a flag", () => {
    const parser = new Command().exitOverride().configureOutput({ outputError: () => {} });
    for (const option of listCommandSettings(train, settings).flatMap(createOptions))
      parser.addOption(option);
    expect(parser.parse(["--max-watts", "300"], { from: "user" }).opts()).toMatchObject({ maxWatts: 300 });
    expect(() => parser.parse(["--max-watts", "-1"], { from: "user" })).toThrow(
      "It must be a number above 0.",
    );
  });

  it("is described in the help and in the reference", () => {
    expect(formatCommandHelp(train, {}, settings)).toMatch(
      /--max-watts <watts> +pause the training above this \(default: 900\)/,
    );
    const { keys, variables, commands } = generateReference(settings);
    expect(keys).toContain("| `maxWatts` | `--max-watts` | pause the training above this (default: 900) |");
    expect(variables).toContain("| `UNITRAIN_MAX_WATTS` | pause the training above this |");
    expect(commands).toContain("| `--max-watts <watts>` | pause the training above this (default: 900) |");
  });

  it("is completed", async () => {
    const { context } = createCollectingContext({});
    expect(await complete("unitrain train ./x --max-w", context, settings)).toEqual(["--max-watts"]);
  });

  it("is typed in the configuration, and checked there", () => {
    const generated = generateSettings(entries);
    expect(generated["config.ts"]).toContain(
      "/** Pause the training above this. Default: `900`. */\n  readonly maxWatts?: number;",
    );
    expect(generated["flags.ts"]).toContain("readonly maxWatts?: number;");
    expect(checkConfig({ maxWatts: 5 }, "f", { entries })).toEqual({ maxWatts: 5 });
    const check = (config: object) => () => checkConfig(config, "f", { entries });
    expect(check({ maxWatts: "5" })).toThrow('f has maxWatts: "5".');
    expect(check({ maxWats: 5 })).toThrow(expect.objectContaining({ hint: "Did you mean maxWatts?" }));
    expect(check({ power: 5 })).toThrow(expect.objectContaining({ hint: "Did you mean maxWatts?" }));
  });

  it.each([
    ["the flag", { maxWatts: 300 }, { maxWatts: 200 }, workingContext, 300, "command line"],
    ["the configuration", {}, { maxWatts: 200 }, workingContext, 200, "unitrain.config.ts"],
    ["the environment", {}, {}, workingContext, 400, "UNITRAIN_MAX_WATTS"],
    ["the default", {}, {}, { ...workingContext, env: {} }, undefined, "default"],
  ])(
    "takes its value from %s, and the plan shows this source",
    (_, flags, config, workingContext, value, source) => {
      const places = { flags, loaded: { ...configured, config: config as UnitrainConfig }, workingContext };
      expect(collectPlanOptions(places, own).uplinkMbps).toBe(value);
      const sources = listSettingSources({ settings: [] }, places, [], own);
      expect(sources.filter(({ name }) => name === "maxWatts")).toEqual([
        { name: "maxWatts", value: String(value ?? 900), source },
      ]);
    },
  );
});
