import { describe, expect, test } from "vitest";
import { createOutputSanitizer } from "../sanitize/output-sanitizer.ts";
import { checkVariables } from "./check-variables.ts";

const sanitizer = createOutputSanitizer();
const check = (env: Record<string, string>) => checkVariables({ env } as never, sanitizer);

describe("variables that would be written down", () => {
  test.each([
    ["WANDB_API_KEY", "abc"],
    ["GITHUB_PAT", "abc"],
    ["DB_PASS", "abc"],
    ["DB_PW", "abc"],
    ["SLACK_WEBHOOK", "https://example.com"],
    ["DATABASE_URL", "postgres://db/runs"],
    ["SENTRY_DSN", "abc"],
    ["MIRROR", "https://ana:hunter2hunter@example.com/simple"],
    ["OPTIONS", "--token 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"],
    ["EXTRA", "password=hunter2"],
  ])("are refused when %s is a secret by its name or its value", (name, value) => {
    const refusal = (() => {
      try {
        return check({ [name]: value });
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({
      code: "INVALID_OPTIONS",
      action: { type: "pass-as-secret", variable: name },
    });
    if (value.length > 3) expect(String(refusal)).not.toContain(value);
  });

  test.each([
    ["OMP_NUM_THREADS", "4"],
    ["TOKENIZERS_PARALLELISM", "false"],
    ["KEYFRAMES", "12"],
    ["COMPASS", "north"],
    ["HTTPS_PROXY", "http://proxy.example.com:3128"],
    ["MLFLOW_TRACKING_URI", "https://mlflow.example.com"],
    ["PWD", "/home/ubuntu"],
  ])("pass when %s is none", (name, value) => {
    expect(check({ [name]: value })).toEqual({ env: { [name]: value }, secrets: [] });
  });
});
