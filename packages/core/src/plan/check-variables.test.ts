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
    ["PGPASSWORD", "1234"],
    ["SSHPASS", "/a/b"],
    ["HF_TOKEN_2", "abc"],
    ["wandbApiKey", "abc"],
    ["DISCORD_WEBHOOK_URL", "https://example.com"],
    ["REGISTRY", ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_")],
    [
      "STORE",
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=PrFhWnLberdnEc+Qqq8Din51tCodiVkYZ3D/yJ+M==",
    ],
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
    ["PASS_MANAGER", "bitwarden"],
    ["PASSES", "3"],
    ["MAX_TOKENS", "256"],
    ["PATH", "/usr/local/bin:/usr/bin"],
    ["KEYPOINTS", "17"],
    ["PAD_TOKEN", "<pad>"],
    ["HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"],
    ["GOOGLE_APPLICATION_CREDENTIALS", "/home/ubuntu/key.json"],
    ["SSL_KEY", "./certs/server.pem"],
    ["SORT_KEY", "name"],
    ["POSTGRES_PASSWORD_FILE", "/run/secrets/db"],
    ["GIT_ASKPASS", "/bin/echo"],
    ["WANDB_RUN_ID", "5bjy5gi5"],
    ["DATA_SHA256", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    ["HTTPS_PROXY", "http://proxy.example.com:3128"],
    ["MLFLOW_TRACKING_URI", "https://mlflow.example.com"],
    ["PWD", "/home/ubuntu"],
  ])("pass when %s is none", (name, value) => {
    expect(check({ [name]: value })).toEqual({ env: { [name]: value }, secrets: [] });
  });
});
