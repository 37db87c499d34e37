import { randomBytes } from "node:crypto";
import { createSanitizer } from "@unitrain/core";
import { compare } from "./harness.ts";

const megabytes = 16;

/**
 * Masks a training's log with known secrets: our sanitizer against exact masking, and against a plain list of regular expressions.
 * Lines with words such as `tokens` are the hardest, because each may announce a key.
 */
export async function sanitize(): Promise<void> {
  for (const [logName, lines] of Object.entries({
    "a training's log": epoch,
    "a log of words like tokens": tokens,
  })) {
    const log = Buffer.from(lines.repeat((megabytes * 1e6) / lines.length));
    for (const secretCount of [50, 1_000]) {
      const secrets = Array.from({ length: secretCount }, () => randomBytes(24).toString("base64url"));
      const ours = { name: "unitrain", run: async () => runOurs(log, secrets) };
      const title = (peer: string) =>
        `${megabytes} MB of ${logName}, ${secretCount} secrets, against ${peer}`;
      await compare({
        title: title("exact masking"),
        ours,
        peer: { name: "String.replaceAll for each", run: async () => runExact(log, secrets) },
        rounds: secretCount === 50 ? 7 : 3,
      });
      if (secretCount > 50) continue;
      await compare({
        title: title("a list of regular expressions"),
        ours,
        peer: { name: "four expressions", run: async () => runExpressions(log) },
      });
    }
  }
}

const chunkBytes = 64 * 1024;

function runOurs(log: Buffer, secrets: readonly string[]): undefined {
  const sanitizer = createSanitizer({ secrets });
  for (let at = 0; at < log.length; at += chunkBytes) sanitizer.write(log.subarray(at, at + chunkBytes));
  sanitizer.end();
  return undefined;
}

/** What masks too little: a secret between two chunks, or encoded, is shown. */
function runExact(log: Buffer, secrets: readonly string[]): undefined {
  for (let at = 0; at < log.length; at += chunkBytes) {
    let text = log.toString("utf8", at, at + chunkBytes);
    for (const secret of secrets) text = text.replaceAll(secret, "[redacted]");
    Buffer.from(text, "utf8");
  }
  return undefined;
}

function runExpressions(log: Buffer): undefined {
  for (let at = 0; at < log.length; at += chunkBytes) {
    let text = log.toString("utf8", at, at + chunkBytes);
    for (const expression of expressions) text = text.replace(expression, "$1[redacted]");
    Buffer.from(text, "utf8");
  }
  return undefined;
}

const expressions: readonly RegExp[] = [
  /(authorization["']?\s*[:=]\s*["']?)[^\s"']+/gi,
  /(bearer\s+)[A-Za-z0-9._~+/=-]+/gi,
  /(password["']?\s*[:=]\s*["']?)[^\s"',;&]+/gi,
  /(\b)cw_[A-Za-z0-9_-]+/g,
];

const epoch = `      1/100      2.41G      1.378      1.282      1.294         16        640: 100%|██████████| 313/313 [00:41<00:00,  7.61it/s]
                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 20/20 [00:03<00:00,  6.1it/s]
                   all        640       4952      0.634      0.475      0.521      0.371
`;

const tokens = `{'loss': 1.2345, 'grad_norm': 0.5312, 'learning_rate': 4.9e-05, 'num_tokens': 131072.0, 'mean_token_accuracy': 0.712345}
2026-11-23 10:31:12,482 INFO train.py:113 step 17 loss=1.2345 lr=0.001234 tokens/s=48213.7 mem=40.1GiB keypoints=17
`;
