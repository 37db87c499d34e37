import { UnitrainError } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { rentedPlan } from "../../test/rented.ts";
import { runCli } from "../../test/run-cli.ts";
import { cloud, cloudWithoutKey, failingCloud, offer } from "../../test/several-clouds.ts";

const plan = { ...rentedPlan, quote: offer("gpu", 2) };
const dear = cloud("dear", offer("big", 9));
const unpriced = cloud("unpriced", offer("free", 0));
const soldOut = cloud("soldout", offer("bargain", 0.5, { available: "no" }));
const cheap = cloud("cheap", offer("gpu", 2));

describe("--on cheapest", () => {
  it("takes the cheapest that is in stock and states its price, and says the next best", async () => {
    const clouds = [dear, unpriced, soldOut, cloud("empty"), failingCloud("broken"), cheap];
    const { exitCode, calls, stderr } = await runCli("plan ./shapes --on cheapest", { clouds, plan });
    expect(exitCode).toBe(0);
    expect(calls.filter((call) => call.startsWith("assemble"))).toEqual(["assemble cheap"]);
    expect(stderr).toContain("Cheapest: cheap gpu $2.00/h; next: dear big $9.00/h");
  });

  it("ranks an unknown charge after known ones", async () => {
    const vague = cloud("vague", offer("x", 1, { upfrontUsd: "unknown" }));
    const { calls } = await runCli("plan ./shapes --on cheapest", { clouds: [vague, cheap], plan });
    expect(calls).toContain("assemble cheap");
    expect(calls).not.toContain("assemble vague");
  });

  it("tries the next cloud if a plan does not fit the budget, and records the cloud that was tried", async () => {
    const planError = new UnitrainError("BUDGET_TOO_SMALL", "The budget is too small.");
    const { exitCode, calls, stderr, planned } = await runCli("plan ./shapes --on cheapest", {
      clouds: [dear, cheap],
      planError,
    });
    expect(calls).toEqual(["assemble cheap", "assemble dear"]);
    expect(stderr).toContain("! cheap: The budget is too small.");
    expect(planned.map(({ command }) => command)).toEqual([
      "unitrain train ./shapes --on cheap",
      "unitrain train ./shapes --on dear",
    ]);
    expect(exitCode).toBe(2);
  });

  it("needs a key, and never takes a cloud without a price", async () => {
    const keyless = await runCli("plan ./shapes --on cheapest", { clouds: [cloudWithoutKey], plan });
    expect([keyless.exitCode, keyless.stderr]).toEqual([2, expect.stringContaining("KEYLESS_API_KEY")]);
    const { exitCode, calls } = await runCli("plan ./shapes --on cheapest", { clouds: [unpriced], plan });
    expect([exitCode, calls]).toEqual([1, []]);
  });
});
