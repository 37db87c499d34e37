import { randomBytes } from "node:crypto";
import { createSanitizer } from "@unitrain/core";
import { compare } from "./harness.ts";

const secretCount = 50;
const megabytes = 16;

/** A training's log with 50 known secrets: our sanitizer against exact masking, and against a plain list of regular expressions. */
export async function sanitize(): Promise<void> {
  const log = Buffer.from(epoch.repeat((megabytes * 1e6) / epoch.length));
  const secrets = Array.from({ length: secretCount }, () => randomBytes(24).toString("base64url"));
  const ours = { name: "unitrain", run: async () => runOurs(log, secrets) };
  const title = (peer: string) =>
    `${megabytes} MB of a training's log, ${secretCount} secrets, against ${peer}`;
  await compare({
    title: title("exact masking"),
    ours,
    peer: { name: "String.replaceAll for each", run: async () => runExact(log, secrets) },
  });
  await compare({
    title: title("a list of regular expressions"),
    ours,
    peer: { name: "four expressions", run: async () => runExpressions(log) },
  });
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
