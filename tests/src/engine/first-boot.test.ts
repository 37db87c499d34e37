import { describe, expect, test } from "vitest";
import { collectEvents, createEngineHarness, startRun } from "./engine-harness.ts";

describe("the first-boot step of a provider", () => {
  test.each([
    ["rented", true],
    ["borrowed", false],
  ] as const)(
    "runs first on a %s machine (%s), and its failure is shown without ending the run",
    async (ownership, runs) => {
      const harness = await createEngineHarness({ ownership });
      harness.cloud.faults.on("session.run", { answers: { exitCode: 1, stdout: "", stderr: "" } }, 1);
      const run = await startRun(harness.process(), harness);
      expect((await run.result).outcome).toBe("completed");
      const messages = (await collectEvents(run)).map((event) =>
        event.type === "status" ? event.message : "",
      );
      expect(messages.includes("the first boot is not over")).toBe(runs);
    },
  );
});
