import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const commands = "train|plan|attach|runs|logs|pull|stop|gc|ssh|offers|doctor|clean|rm|init|completion";
const command = new RegExp(`\\bunitrain (?:${commands})\\b|[\\s(\`]--(?:out|within|max-output|on|yes)\\b`);

/** Packages whose messages are read by users of the SDK, who cannot use a command. */
const withoutCommands = ["core", "provider-*", "transport-*"];

test("errors and warnings of core, providers and transports contain actions instead of commands", () => {
  const files = withoutCommands.flatMap((name) => globSync(`${name}/src/**/*.ts`, { cwd: packages }));
  expect(files.length).toBeGreaterThan(200);
  const found = files
    .filter((file) => !/test\.ts$/.test(file))
    .flatMap((file) =>
      readCodeLines(file)
        .filter(namesCommand)
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(found, "Give the error an `action`, which the command line words.").toEqual([]);
});

test.each(['hint: "Run `unitrain gc` until it is confirmed."', 'hint: "Name a folder: --out ./results."'])(
  "the check finds %s",
  (line) => expect(namesCommand(line)).toBe(true),
);

function readCodeLines(file: string): string[] {
  return readFileSync(packages + file, "utf8")
    .split("\n")
    .filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line));
}

function namesCommand(line: string): boolean {
  return command.test(line);
}
