import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatJson, toPlainLine, toPlainText } from "./plain-text.ts";

/** Characters that move a cursor, begin a sequence or are not seen, and pieces of sequences, among ordinary ones. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom("\u001b", "[", "]", "\u009b", "\u009d", "\u0090", "\u009c", "\u0007", "\u001b\\", "\b"),
      fc.constantFrom("\r", "\n", "\r\n", "\u2028", "\u0085", "\t", "\v", "\u202e", "\u2066", "\u200b"),
      fc.constantFrom("\u200d", "\u200c", "\ufe0f", "\u{e0101}", "\u{e0041}", "\u0301", "\ud83d", "\udc00"),
      fc.constantFrom("👩", "漢", "क", "x", "1", "31m", "2J", "8;;http://x.example", "52;c;aGk=", " "),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(""));

/** What must never reach a terminal or a file name, whatever is around it. */
const control = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\u2060\ufeff\u{e0000}-\u{e007f}\p{Cs}]/u;

describe("plain text", () => {
  it.each([
    ["colors", "\u001b[31mred\u001b[0m", "red"],
    ["cleared screens", "\u001b[2J\u001b[Hgone", "gone"],
    ["window titles", "\u001b]0;owned\u0007text", "text"],
    [
      "the escape character of a title that never ends, whose text stays",
      "\u001b]0;owned\nnext",
      "]0;owned\nnext",
    ],
    ["links", "\u001b]8;;https://x.example\u001b\\text\u001b]8;;\u001b\\", "text"],
    ["writes to the clipboard", "\u001b]52;c;cm0gLXJmIH4=\u0007text", "text"],
    ["device strings", "\u001bP1$r0m\u001b\\text", "text"],
    ["one-character CSI", "a\u009b31mb", "ab"],
    ["one-character OSC", "a\u009d0;owned\u009cb", "ab"],
    ["bells and backspaces", "a\u0007b\u0008c", "abc"],
    ["carriage returns", "safe\rpwned", "safe pwned"],
    ["line ends of Windows", "a\r\nb", "a\nb"],
    ["separators of lines and paragraphs", "a\u2028b\u2029c\u0085d", "a b c d"],
    ["turned writing", "a\u202egnp.exe", "agnp.exe"],
    ["zero-width characters", "a\u200bb\u2060c\ufeffd\u00ade\u200df", "abcdef"],
    ["tags", "a\u{e0068}\u{e0069}b", "ab"],
    [
      "bytes hidden in variation selectors",
      `a${"\ufe01\u{e0121}".repeat(50)}b😀${"\ufe0f".repeat(9)}`,
      "ab😀\ufe0f",
    ],
    ["marks over other lines", `a${"\u0301".repeat(50)}`, `a${"\u0301".repeat(8)}`],
    ["half a character", "a\ud83db", "a\ufffdb"],
  ])("has no %s", (_name, input, expected) => {
    expect(toPlainText(input)).toBe(expected);
  });

  it.each([
    "zwei Zeilen\n\tund 日本語, emoji 🙂, combining e\u0301",
    "👩\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 👩🏽\u200d🚀 1\ufe0f\u20e3",
    "می\u200cخواهم क\u094d\u200dष 葛\u{e0100}",
    "עברית العربية ไทย Tiếng Việt",
  ])("keeps %j", (text) => {
    expect(toPlainText(text)).toBe(text);
  });

  it("never holds a control or invisible character, and stays as it is when it is made plain again", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const plain = toPlainText(text);
        expect(plain.replace(/[\n\t]/g, "")).not.toMatch(control);
        expect(toPlainText(plain)).toBe(plain);
        expect(toPlainLine(text)).not.toMatch(control);
      }),
      { numRuns: 300 },
    );
  });

  it.each(["\u009d", "\u0090", "\u001b]", "\u001b[", "\u001bP", "\u0301", "\u200d", "\r"])(
    "takes 200,000 of %j in linear time",
    (piece) => {
      expect(toPlainText(piece.repeat(2e5)).length).toBeLessThanOrEqual(4e5);
    },
  );
});

describe("JSON", () => {
  it("loses nothing, and holds no control or invisible character", () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(undefined, 2), (text, indent) => {
        const value = { [text]: [text, 1, null] };
        const json = formatJson(value, indent);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(json.replaceAll("\n", "")).not.toMatch(control);
      }),
    );
  });
});
