import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createOutputSanitizer } from "./output-sanitizer.ts";
import { createSanitizer } from "./sanitizer.ts";

const secret = "s3cret-Väl ue";

/** Sanitizes chunks, checks the final position, and returns the output. */
function sanitizeChunks(chunks: readonly Uint8Array[], secrets: readonly string[] = [secret]) {
  const sanitizer = createSanitizer({ secrets, position: 7 });
  const parts = chunks.map((chunk) => sanitizer.write(chunk));
  parts.push(sanitizer.end());
  expect(sanitizer.position).toBe(chunks.reduce((sum, chunk) => sum + chunk.length, 7));
  return Buffer.concat(parts);
}

describe("a stream in chunks", () => {
  test("is masked in the same way wherever a secret is split", () => {
    const text = Buffer.from(`first\nhere is ${secret} and\rbearer abcdef123456 more\nno end ${secret}`);
    for (let at = 0; at <= text.length; at += 1) {
      expect(sanitizeChunks([text.subarray(0, at), text.subarray(at)]).toString()).toBe(
        "first\nhere is [redacted] and\rbearer [redacted] more\nno end [redacted]",
      );
    }
  });

  test("without a secret is unchanged, even if it is not text", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (chunks) => {
        expect(sanitizeChunks(chunks)).toEqual(Buffer.concat(chunks));
      }),
    );
  });

  test("keeps binary bytes beside a masked secret", () => {
    const [before, after] = [Buffer.from([0xff, 0xfe, 0x80]), Buffer.from([0xc3])];
    const bytes = Buffer.concat([before, Buffer.from(secret), after]);
    expect(sanitizeChunks([bytes])).toEqual(Buffer.concat([before, Buffer.from("[redacted]"), after]));
  });

  test("of one endless line is passed on in pieces without splitting a secret", () => {
    const line = Buffer.from(`${"x".repeat(70_000)}${secret}`.repeat(20));
    const chunks: Buffer[] = [];
    for (let at = 0; at < line.length; at += 10_007) chunks.push(line.subarray(at, at + 10_007));
    expect(sanitizeChunks(chunks).toString()).toBe(`${"x".repeat(70_000)}[redacted]`.repeat(20));
  });

  test("of one endless line holds little back and copies each byte a bounded number of times", () => {
    const copy = vi.spyOn(Buffer.prototype, "copy");
    const sanitizer = createSanitizer({ secrets: [secret] });
    let passed = 0;
    for (let count = 1; count <= 4096; count += 1) {
      passed += sanitizer.write(Buffer.alloc(512, "x")).length;
      expect(count * 512 - passed).toBeLessThan(140 * 1024);
    }
    const copied = copy.mock.results.reduce((sum, { value }) => sum + (value as number), 0);
    copy.mockRestore();
    expect(copied).toBeLessThan(4 * 4096 * 512);
  });

  test("reports positions at which another process can continue without losing or repeating output", () => {
    const text = Buffer.from(`one ${secret}\ntwo\n${secret}\r\nfour ${secret} and ${secret}\nfive\n`);
    const whole = sanitizeChunks([text]).toString();
    for (let at = 0; at <= text.length; at += 1) {
      const first = createSanitizer({ secrets: [secret] });
      const before = first.write(text.subarray(0, at)).toString();
      const second = createSanitizer({ secrets: [secret], position: first.position });
      const after = second.write(text.subarray(first.position)).toString() + second.end().toString();
      expect(before + after).toBe(whole);
    }
  });

  test("masks a secret that is added later, even if its beginning is already held back", () => {
    const sanitizer = createSanitizer({ secrets: ["abcdefgh-first"] });
    const before = sanitizer.write("abcdefgh");
    sanitizer.add("abcdefgh-other");
    const after = sanitizer.write("-other\n");
    expect(Buffer.concat([before, after]).toString()).toBe("[redacted]\n");
  });

  test("masks an end that may be the beginning of a secret", () => {
    expect(sanitizeChunks([Buffer.from("last words: s3cret-V")]).toString()).toBe("last words: [redacted]");
  });
});

describe("a known secret", () => {
  const value = "pa ss/Wörd+\"1'&<x>";
  const base64 = (prefix: string) => Buffer.from(`${prefix}${value}z`).toString("base64");
  test.each([
    ["JSON", JSON.stringify({ a: value })],
    ["JSON in JSON", JSON.stringify(JSON.stringify({ a: value }))],
    ["a URL", `x=${encodeURIComponent(value)}`],
    ["a form", `x=${encodeURIComponent(value).replaceAll("%20", "+")}`],
    ["hex", `0x${Buffer.from(value).toString("hex")}`],
    ["base64 at the first alignment", base64("")],
    ["base64 at the second alignment", base64("a")],
    ["base64 at the third alignment", base64("ab")],
    ["a shell's quotes", `'${value.replaceAll("'", "'\\''")}'`],
    [
      "XML",
      value
        .replaceAll("&", "&amp;")
        .replaceAll("<", "&lt;")
        .replaceAll(">", "&gt;")
        .replaceAll('"', "&quot;"),
    ],
    ["two lines of a terminal", `${value.slice(0, 9)}\r\n${value.slice(9)}`],
    ["two lines, broken after two characters", `${value.slice(0, 2)}\n${value.slice(2)}`],
    [
      "a terminal's colors after one character",
      `\u001b[1mx${value.slice(0, 1)}\u001b[31m${value.slice(1)}\u001b[0m`,
    ],
    ["a terminal's colors", `${value.slice(0, 5)}\u001b[31m${value.slice(5)}\u001b[0m`],
  ])("is masked in %s", (_form, text) => {
    const masked = sanitizeChunks([Buffer.from(`before ${text} after\n`)], [value]).toString();
    expect(masked).toContain("[redacted]");
    expect(masked.startsWith("before ")).toBe(true);
    expect(masked.endsWith(" after\n")).toBe(true);
    for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString("hex")])
      for (let at = 0; at + 6 <= form.length; at += 1) expect(masked).not.toContain(form.slice(at, at + 6));
  });

  test("is masked in the title of a terminal and behind an incomplete escape sequence", () => {
    for (const before of ["\u001b]0;", "\u001b", "\n\u001b", "\u001b[", "\u001b(", "aHVu\u001b[1;3"])
      expect(sanitizeChunks([Buffer.from(`${before}${value}\u0007\n`)], [value]).toString()).toBe(
        `${before}[redacted]\u0007\n`,
      );
  });

  test("with several lines is masked as a whole and line by line", () => {
    const lines = ["-----BEGIN THING-----", "QWxhZGRpbjpvcGVuIHNlc2FtZQ", "-----END THING-----"];
    const whole = lines.join("\n");
    expect(sanitizeChunks([Buffer.from(`a ${whole} b\n`)], [whole]).toString()).toBe("a [redacted] b\n");
    expect(sanitizeChunks([Buffer.from(`a ${lines[1]} b\n`)], [whole]).toString()).toBe("a [redacted] b\n");
  });

  test("is masked when a color stands behind the first letter of a stream or of a line", () => {
    const colored = `${value.slice(0, 1)}\u001b[31m${value.slice(1)}\n`;
    expect(sanitizeChunks([Buffer.from(colored)], [value]).toString()).toBe("[redacted]\n");
    expect(sanitizeChunks([Buffer.from(`one\n${colored}`)], [value]).toString()).toBe("one\n[redacted]\n");
  });
});

describe("a private key that nobody registered", () => {
  const body = Array.from(
    { length: 9 },
    (_, index) => String(index).repeat(10) + "QWxhZGRpbjpvcGVuc2VzYW1lAbCdEfGhIj".repeat(1),
  );
  const key = ["-----BEGIN OPENSSH PRIVATE KEY-----", ...body, "-----END OPENSSH PRIVATE KEY-----"];

  test("is masked across its lines, in chunks of any size", () => {
    const text = Buffer.from(`before\n${key.join("\n")}\nafter\n`);
    for (const size of [1, 7, 64, 1000]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size));
      expect(sanitizeChunks(chunks, []).toString()).toBe("before\n[redacted]\nafter\n");
    }
  });

  test("that is cut off is masked, and the text after it is shown", () => {
    const text = `${key.slice(0, 5).join("\n")}\nEpoch 3 of 10: loss 0.1\n`;
    expect(sanitizeChunks([Buffer.from(text)], []).toString()).toBe("[redacted]\nEpoch 3 of 10: loss 0.1\n");
  });

  test("has no reported position inside it, so that another process reads it from its beginning", () => {
    const sanitizer = createSanitizer();
    sanitizer.write(`before\n${key.slice(0, 4).join("\n")}\n`);
    expect(sanitizer.position).toBe("before\n".length);
  });
});

describe("a plugin's masking", () => {
  test("gets complete lines without known secrets, and its result is masked again", () => {
    const seen: string[] = [];
    const sanitizer = createOutputSanitizer((text) => {
      seen.push(text);
      return text.replace("AB", `${secret} password=hunter2x `);
    });
    sanitizer.register(secret);
    const stream = sanitizer.createStream(0);
    const masked = [
      stream.write(Buffer.from(`x ${secret}\nA`)),
      stream.write(Buffer.from("B\n")),
      stream.end(),
    ];
    expect(Buffer.concat(masked).toString()).toBe("x [redacted]\n[redacted] password=[redacted] \n");
    expect(seen).toEqual(["x [redacted]\n", "AB\n"]);
  });
});
