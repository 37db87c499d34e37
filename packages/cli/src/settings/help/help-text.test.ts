import { commandLine } from "@unitrain/framework-yolo/command-line";
import { describe, expect, it } from "vitest";
import { listCommandSettings } from "../declarations/command-settings.ts";
import { commands } from "../declarations/commands.ts";
import { formatCommandHelp, formatProgramHelp } from "./help-text.ts";
import { findRequestedHelp } from "./requested-help.ts";

describe("the help", () => {
  it.each([["--help"], ["-h"], ["help"]])("of the program is requested by %s", (word) => {
    expect(findRequestedHelp([word])).toBe(formatProgramHelp());
  });

  it.each(["train --help", "help train", "train ./x epochs=5 -h", "--json train --help"])(
    "of train is requested by %j",
    (line) => {
      expect(findRequestedHelp(line.split(" "))).toMatchObject({ name: "train" });
    },
  );

  it.each(["train ./x", "trian --help", "help trian", "ssh -- ls --help", ""])(
    "is not requested by %j",
    (line) => {
      expect(findRequestedHelp(line.split(" "))).toBeUndefined();
    },
  );

  it.each(commands.map((command) => [command.name, command] as const))(
    "of %s lists every flag and has examples",
    (name, command) => {
      const text = formatCommandHelp(command, commandLine);
      for (const { flag } of listCommandSettings(command)) expect(text).toContain(`--${flag}`);
      expect(text).toContain("Examples:\n  ");
      expect(formatProgramHelp()).toContain(`  ${command.listed ?? name} `);
    },
  );

  it("states that there is no telemetry, and explains the exit codes", () => {
    expect(formatProgramHelp()).toMatch(/No telemetry\.[\s\S]*UNITRAIN_HOME/);
    expect(formatProgramHelp()).toContain("4 a machine may still cost money");
  });
});
