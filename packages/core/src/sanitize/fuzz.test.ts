import fc from "fast-check";
import { expect, test } from "vitest";
import { createOutputSanitizer } from "./output-sanitizer.ts";

const splitsPerText = 100;
/** Set UNITRAIN_FUZZ_SPLITS to a larger number to search longer. */
const splits = Number(process.env.UNITRAIN_FUZZ_SPLITS ?? 100_000);

const secrets = [
  "hunter2-hunter2",
  'p%ss\\wörd"x',
  "AAAAAAAB",
  "0123456789abcdef0123456789abcdef",
  "one\nof-two-lines",
];
const list = createOutputSanitizer(undefined, [/cw_(?=[A-Za-z_-]{0,64}[0-9])[A-Za-z0-9_-]{16,512}/]);
for (const value of secrets) list.register(value);

/** Masks bytes that arrive in chunks. A cut is an index at which the bytes are split. */
function mask(bytes: Buffer, cuts: readonly number[] = []): Buffer {
  const stream = list.createStream(0);
  const parts: Buffer[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    parts.push(stream.write(bytes.subarray(from, cut)));
    from = cut;
  }
  parts.push(stream.end());
  if (stream.position !== bytes.length)
    throw new Error(`The position is ${stream.position}, not ${bytes.length}.`);
  return Buffer.concat(parts);
}

/** Forms of known secrets and their beginnings, what looks like a secret, and what only resembles one. */
const suspicious = fc.oneof(
  fc.constantFrom(...secrets),
  fc.constantFrom(...secrets).map((value) => JSON.stringify(value)),
  fc.constantFrom(...secrets).map((value) => Buffer.from(value).toString("base64")),
  fc.constantFrom(...secrets).map((value) => encodeURIComponent(value)),
  fc.tuple(fc.constantFrom(...secrets), fc.nat(8)).map(([value, length]) => value.slice(0, length)),
  fc.constantFrom(
    ...[
      "password=hunter3x ",
      "Authorization: Bearer abcdef123456",
      "https://a:b1c2d3@host/",
      "token: aT9dkLs02mQpZx81",
    ],
    ...[
      "\n-----BEGIN PRIVATE KEY-----\n",
      "-----END PRIVATE KEY-----\n",
      "MIGHAgEAMBMGByqGSM49",
      "password: |",
      "  chpasswd:",
    ],
    ...[
      "cw_0123456789abcdefGHIJ",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
      "/etc/passwd:",
      "num_tokens=256",
      "pass",
    ],
  ),
);
const harmless = fc.oneof(
  fc.constantFrom(
    "\n",
    "\n",
    "\r",
    "\r\n",
    "\u001b[1m",
    "\u001b[",
    "\u001b(",
    "\u001b ",
    " ",
    "  ",
    "é漢🔑",
    "loss=0.1 ",
  ),
  fc.string({ maxLength: 12 }),
);
const text = fc
  .array(fc.oneof(suspicious, harmless), { maxLength: 14 })
  .map((pieces) => Buffer.from(pieces.join("")));

test(
  `a text is masked in the same way wherever it is split: ${splits.toLocaleString("en")} random splits`,
  () => {
    fc.assert(
      fc.property(text, fc.infiniteStream(fc.nat()), (bytes, numbers) => {
        const whole = mask(bytes);
        for (const value of secrets) expect(whole.includes(value)).toBe(false);
        // Masking a masked text changes nothing.
        expect(mask(whole).equals(whole)).toBe(true);
        const next = () => numbers.next().value ?? 0;
        for (let run = 0; run < splitsPerText; run += 1) {
          const cuts = Array.from({ length: 1 + (next() % 6) }, () => next() % (bytes.length + 1));
          const split = mask(
            bytes,
            cuts.sort((a, b) => a - b),
          );
          if (!split.equals(whole))
            expect({ cuts, text: split.toString() }).toEqual({ cuts, text: whole.toString() });
        }
      }),
      { numRuns: splits / splitsPerText },
    );
  },
  splits * 2,
);

test("bytes without a secret are unchanged wherever they are split, even if they are not text", () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        "epoch 1/3 loss=0.123 tokens/s=4821.5\n",
        "\r 45% ━━━ 2/4 1.6s/it",
        "{'eos_token': '</s>'}\n",
        "9f86d081884c7d65\n",
      )
      .map((words) => Buffer.from(words)),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 10 }), fc.array(fc.nat(), { maxLength: 6 }), (lines, numbers) => {
      const bytes = Buffer.concat(lines);
      const cuts = numbers.map((number) => number % (bytes.length + 1)).sort((a, b) => a - b);
      expect(mask(bytes, cuts).equals(bytes)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
