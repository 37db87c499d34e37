import { describe, expect, test } from "vitest";
import { createEngineHarness, eventsOf, startRun } from "./engine-harness.ts";

describe("the step that a provider asks for at the first boot of a machine", () => {
  test.each([
    ["rented", true],
    ["borrowed", false],
  ] as const)(
    "runs first on a %s machine: %s; when it fails, that is shown and the run goes on",
    async (ownership, runs) => {
      const harness = await createEngineHarness({ ownership });
      harness.world.faults.on("session.run", { answers: { exitCode: 1, stdout: "", stderr: "" } }, 1);
      const run = await startRun(harness.process(), harness);
      expect((await run.result).outcome).toBe("completed");
      const messages = (await eventsOf(run)).map((event) => (event.type === "status" ? event.message : ""));
      expect(messages.includes("the first boot is not over")).toBe(runs);
    },
  );
});
