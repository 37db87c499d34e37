import { describe, expect, it } from "vitest";
import { createOutputSanitizer } from "../sanitize/output-sanitizer.ts";
import type { Finding } from "../spec/index.ts";
import { checkVariables } from "./check-variables.ts";
import { maskPlanTexts, refuseRecordedSecrets } from "./plan-secrets.ts";

const key = "Zq81-horse-battery-staple";
const sanitizer = createOutputSanitizer();
sanitizer.register(key);

describe("a plan is written to disk", () => {
  it("so its texts hold no secret, in any of a million findings", () => {
    const clean: Finding = { kind: "labels", severity: "warning", file: "a.txt", message: "is empty" };
    const findings = [...Array.from({ length: 2_500 }, () => clean), { ...clean, message: `names ${key}` }];
    const plan = {
      data: { files: 1, bytes: 1, digest: "d", summary: `1 image of ${key}` },
      findings,
      job: `train ${key}`,
      quote: { machine: `desk of ${key}`, reference: { id: "kept" } } as never,
      connection: `by ${key}`,
    };
    const masked = maskPlanTexts(plan, sanitizer);
    expect(JSON.stringify(masked)).not.toContain(key);
    expect(masked.findings).toHaveLength(2_501);
    expect(masked.findings[0]).toBe(clean);
    expect(masked.quote).toEqual({ machine: "desk of [redacted]", reference: { id: "kept" } });
  });

  it.each([
    ["the address of the data", "https://me:Zq81horse@example.com/set.zip", {}],
    [
      "the options of an adapter",
      "https://example.com/set.zip",
      { mirrors: [{ url: `https://x/?k=${key}` }] },
    ],
  ])("so a secret in %s is refused", (_where, url, options) => {
    const recipe = { module: "m", exportName: "e", options, secrets: [] };
    const refuse = () =>
      refuseRecordedSecrets({ kind: "url", url, sha256: "" }, [{ name: "desk", recipe }], sanitizer);
    expect(refuse).toThrow(/holds? a secret.*a plan is written to disk/);
    expect(refuse).not.toThrow(/Zq81/);
  });

  it("and nothing is refused because a plugin changes every text", () => {
    const shouting = createOutputSanitizer((text) => text.toUpperCase());
    expect(checkVariables({ data: ".", env: { MODE: "fast" } }, shouting)).toMatchObject({
      env: { MODE: "fast" },
    });
  });
});
