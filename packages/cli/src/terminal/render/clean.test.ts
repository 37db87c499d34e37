import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clean, cleanAll } from "./clean.ts";

describe("text from elsewhere", () => {
  it.each([
    ["colours", "\u001b[31mred\u001b[0m", "red"],
    ["a cleared screen", "\u001b[2J\u001b[Hgone", "gone"],
    ["a window title", "\u001b]0;owned\u0007text", "text"],
    ["a link", "\u001b]8;;https://x.example\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["the one-character CSI", "a\u009b31mb", "ab"],
    ["a bell and a backspace", "a\u0007b\u0008c", "abc"],
    ["a carriage return", "safe\rpwned", "safepwned"],
    ["turned writing", "a\u202egnp.exe", "agnp.exe"],
  ])("loses %s", (_name, input, expected) => {
    expect(clean(input)).toBe(expected);
  });

  it("keeps lines, tabs and every script", () => {
    const text = "zwei Zeilen\n\tund 日本語, emoji 🙂, combining é";
    expect(clean(text)).toBe(text);
  });

  it("never leaves an escape, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: looked for on purpose.
        expect(clean(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });

  it("is cleaned at every depth of an event", () => {
    expect(cleanAll({ a: ["\u001b[1mb", { c: "\u0007d" }], n: 1, t: true, u: undefined, z: null })).toEqual({
      a: ["b", { c: "d" }],
      n: 1,
      t: true,
      u: undefined,
      z: null,
    });
  });
});
