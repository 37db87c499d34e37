import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { UnitrainError } from "../spec/index.ts";
import { createOutputSanitizer } from "./output-sanitizer.ts";

const secret = "s3cret-Väl ue";

test("matches of an adapter's secret patterns are masked as a whole, whatever flags the patterns have", () => {
  const sanitizer = createOutputSanitizer(undefined, [/\bkey_\w{6,64}/, /\bTOK-\d{6,64}/iy]);
  expect(sanitizer.maskText("key_abcdef1 and key_abcdef2, tok-123456, key_short")).toBe(
    "[redacted] and [redacted], [redacted], key_short",
  );
});

describe("registered values", () => {
  test("are masked everywhere, and completely if they overlap", () => {
    const sanitizer = createOutputSanitizer();
    expect(sanitizer.register("abcdefgh")).toBeUndefined();
    expect(sanitizer.register("efghijkl")).toBeUndefined();
    expect(sanitizer.maskText("x abcdefghijkl y")).toBe("x [redacted] y");
    expect(sanitizer.maskText("abcdefghefghijkl")).toBe("[redacted]");
    expect(sanitizer.maskText("abcdefg")).toBe("abcdefg");
  });

  test("that are short or common are not masked, and a warning gives their name without their value", () => {
    const sanitizer = createOutputSanitizer();
    const warning = sanitizer.register("ab12", "MY_TOKEN");
    expect(warning).toContain("MY_TOKEN");
    expect(warning).not.toContain("ab12");
    expect(sanitizer.register("ubuntu")).toBeDefined();
    expect(sanitizer.maskText("true root ubuntu ab12")).toBe("true root ubuntu ab12");
  });

  test("are masked in JSON values and in keys that are no names of fields, and in errors with their causes and stacks", () => {
    const sanitizer = createOutputSanitizer();
    sanitizer.register(secret);
    expect(sanitizer.maskValue({ a: [`1 ${secret}`], b: { c: secret }, d: 3, e: null })).toEqual({
      a: ["1 [redacted]"],
      b: { c: "[redacted]" },
      d: 3,
      e: null,
    });
    expect(sanitizer.maskValue({ metrics: { [`metrics/${secret}`]: 1 } })).toEqual({
      metrics: { "metrics/[redacted]": 1 },
    });
    const foreign = Object.assign(new Error(`no ${secret}`), { code: "EX", headers: { key: secret } });
    const thrown = new UnitrainError("FETCH_FAILED", `with ${secret}`, { hint: secret, cause: foreign });
    const masked = sanitizer.maskError(thrown);
    expect(masked.code).toBe("FETCH_FAILED");
    expect(inspect(masked, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(inspect(sanitizer.maskError(foreign), { depth: 9, showHidden: true })).not.toContain(secret);
    expect(sanitizer.maskError("just text").code).toBe("INTERNAL");
  });
});

test("the patterns of an adapter that is chosen later are masked in texts and in streams created afterwards", () => {
  const sanitizer = createOutputSanitizer(undefined, [/first_\d{4}/]);
  for (const pattern of [/second_\d{4}/, /first_\d{4}/, /second_\d{4}/]) sanitizer.addPatterns([pattern]);
  expect(sanitizer.maskText("a first_1234 b second_1234")).toBe("a [redacted] b [redacted]");
  const stream = sanitizer.createStream(0);
  const bytes = Buffer.from("a first_1234 b second_1234\n");
  expect(Buffer.concat([stream.write(bytes), stream.end()]).toString()).toBe("a [redacted] b [redacted]\n");
});

describe("messages", () => {
  test("have no escape sequences, control characters or invisible characters, also in errors with causes and stacks", () => {
    const sanitizer = createOutputSanitizer();
    const hostile = "quota\u001b]0;owned\u0007\u001b[2J\u202e\u200b\r\nforged";
    expect(sanitizer.maskMessage(hostile)).toBe("quota\nforged");
    const masked = sanitizer.maskError(
      new UnitrainError("LEASE_FAILED", hostile, { hint: hostile, cause: new Error(hostile) }),
    );
    expect(masked).toMatchObject({ message: "quota\nforged", hint: "quota\nforged" });
    for (const text of [masked.stack, (masked.cause as Error).message, (masked.cause as Error).stack])
      expect(text?.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u200b\u202e]/u);
  });

  test("do not show a secret that invisible characters have split", () => {
    const sanitizer = createOutputSanitizer();
    sanitizer.register("abcdefgh-ijklmnop");
    for (const split of ["\u200b", "\u001b[0m", "\u0007", "\u2066"])
      expect(sanitizer.maskMessage(`the key abcdefgh-${split}ijklmnop is bad`)).toBe(
        "the key [redacted] is bad",
      );
  });
});

describe("texts that look like secrets", () => {
  const sanitizer = createOutputSanitizer();
  test.each([
    ["Authorization: Bearer abcdef123456", "Authorization: Bearer [redacted]"],
    ['{"Authorization":"Basic dXNlcjpwYXNz","x":1}', '{"Authorization":"Basic [redacted]","x":1}'],
    ["curl -H 'authorization: token abcdef'", "curl -H 'authorization: token [redacted]'"],
    ["bearer abcdef123456 rest", "bearer [redacted] rest"],
    ["password=hunter2 user=me", "password=[redacted] user=me"],
    ["DB_PASSWORD: hunter2", "DB_PASSWORD: [redacted]"],
    ['{"password": "hunter2"}', '{"password": "[redacted]"}'],
    [
      "pip install git+https://me:s3cret@example.org/a.git",
      "pip install git+https://me:[redacted]@example.org/a.git",
    ],
    ["https://ghp_0123456789@github.com/a", "https://[redacted]@github.com/a"],
    ["--password hunter2 --user me", "--password [redacted] --user me"],
  ])("are masked: %s", (text, masked) => {
    expect(sanitizer.maskText(text)).toBe(masked);
    expect(sanitizer.maskText(masked)).toBe(masked);
  });

  test.each([
    "  1/3      0G      6.378      4.282      4.294         16        160: 45% ━━━ 2/4 1.6s/it 2.6s<3.1s",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "550e8400-e29b-41d4-a716-446655440000 max_new_tokens=256 tokenizer",
    "the password was forgotten; bearers of news",
    "ssh://ubuntu@gpu-box:2222 git+https://github.com/a/b.git@main https://example.org:8080/a@b",
    "mask=[redacted]",
  ])("are not confused with harmless ones: %s", (text) => {
    expect(sanitizer.maskText(text)).toBe(text);
  });

  test("take linear time, even the worst case of each pattern", () => {
    const pieces = [
      ...[
        "authorization: ",
        "bearer ",
        "password=",
        "--password ",
        "passwd\\",
        "://a:",
        "https://",
        "curl -u ",
      ],
      ...[
        "password=my",
        "password=your-",
        "password for ",
        "password is ",
        "secret_key='",
        "token=aB3",
        "key: ",
      ],
      ...[
        "login ",
        "login a/",
        "credentials: ",
        "cookie: a=",
        "eyJ",
        "eyJa.",
        "sk-a",
        "sha256~",
        "-----BEGIN ",
      ],
      ...[
        "-----BEGIN PRIVATE KEY-----",
        "PRIVATE KEY ",
        "variable pass",
        "chpasswd:",
        "mysql -p",
        "zip -P",
        "pw=",
      ],
      ...[
        "%3A%2F%2Fa%3A",
        "&lt;password&gt;",
        '<password a="b" ',
        "hooks.slack.com/services/",
        "roboflow.com/?key=",
      ],
    ];
    const maskAll = () => {
      for (const piece of pieces) {
        sanitizer.maskText(piece.repeat(50_000 / piece.length));
        sanitizer.maskText(`${piece}${"a".repeat(50_000)}!`);
        sanitizer.maskText(`${piece}${"a_".repeat(30)}!\n`.repeat(100));
        sanitizer.maskText(`${piece}${"aB".repeat(30)}!\n`.repeat(100));
      }
    };
    // A linear pattern takes seconds. A pattern that backtracks would take hours, so it is aborted.
    runInNewContext("maskAll()", { maskAll }, { timeout: 60_000 });
  });
});

describe("a sanitize hook", () => {
  test("that throws or does not return a string makes the text withheld and its line end kept", () => {
    const throwing = createOutputSanitizer(() => {
      throw new Error("broken");
    });
    expect(throwing.maskText("one\n")).toBe("[withheld: a plugin's sanitize failed]\n");
    const silent = createOutputSanitizer(() => undefined as unknown as string);
    expect(silent.maskText("one")).toBe("[withheld: a plugin's sanitize failed]");
  });
});

test("an expected secret with an empty value is missing, so streams withhold everything", () => {
  const sanitizer = createOutputSanitizer();
  sanitizer.expect(["TOKEN"]);
  sanitizer.register("", "TOKEN");
  expect(sanitizer.missing).toEqual(["TOKEN"]);
  expect(sanitizer.createStream(0).write(Buffer.from("text\n")).toString()).toBe("");
});
