import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createOutputSanitizer } from "./output-sanitizer.ts";
import { createSanitizer } from "./sanitizer.ts";

const { maskText } = createOutputSanitizer(undefined, [/cw_(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{16,512}/]);

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", e: "\u001b" };

/** Reads the lines of a table. The first lines of each table describe its format. */
function readTable(name: string): readonly string[] {
  return readFileSync(new URL(`corpus/${name}.txt`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("# "))
    .map((line) => line.replaceAll("§", ""))
    .map((line) =>
      line.startsWith("! ")
        ? line.slice(2).replaceAll(/\\([nrte])/g, (_, letter: string) => escapes[letter] ?? "")
        : line,
    );
}

/** Returns the parts of the secrets, of five characters each, that stand nowhere else in the text. */
function listParts(marked: string): readonly string[] {
  const rest = marked.replaceAll(/«[^»]*»/g, "\0");
  return [...marked.matchAll(/«([^»]*)»/g)].flatMap(([, secret = ""]) =>
    Array.from({ length: Math.max(1, secret.length - 4) }, (_, at) => secret.slice(at, at + 5)).filter(
      (part) => !/\s/.test(part) && !rest.includes(part),
    ),
  );
}

describe("a text in which nobody registered a secret", () => {
  test.each(["passwords", "keys", "over-lines", "from-logs"])("is masked: %s", (table) => {
    const lines = readTable(table);
    expect(lines.length).toBeGreaterThan(20);
    const shown = lines.filter((line) => {
      const masked = maskText(line.replaceAll(/[«»]/g, ""));
      return !masked.includes("[redacted]") || listParts(line).some((part) => masked.includes(part));
    });
    expect(shown).toEqual([]);
  });

  test.each(["passwords", "keys", "over-lines", "from-logs", "innocent"])(
    "is masked once and for all: %s",
    (table) => {
      const masked = readTable(table).map((line) => maskText(line.replaceAll(/[«»]/g, "")));
      expect(masked.map(maskText)).toEqual(masked);
    },
  );

  // A stream only decodes lines with evidence of a secret, and a text of one line is always matched with all rules.
  test.each(["passwords", "keys", "innocent"])("is masked in a stream as in a text: %s", (table) => {
    const { maskText: maskLine } = createOutputSanitizer();
    const lines = readTable(table)
      .filter((line) => !/[\r\n]/.test(line))
      .map((line) => line.replaceAll(/[«»]/g, ""));
    const different = lines.filter((line) => {
      const stream = createSanitizer();
      return [stream.write(line), stream.end(true)].join("") !== maskLine(line);
    });
    expect(different).toEqual([]);
  });

  test("is unchanged if it contains none", () => {
    const lines = readTable("innocent");
    expect(lines.map(maskText)).toEqual(lines);
  });
});
