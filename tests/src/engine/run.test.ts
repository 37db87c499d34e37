import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createStage, eventsOf, logOf, startRun } from "./stage.ts";

describe("a run on a machine in memory", () => {
  test("rents, trains, brings the model home and gives everything back", async () => {
    const stage = await createStage();
    const run = await startRun(stage.process(), stage);
    const events = await eventsOf(run);
    const { outcome, artifacts, receipt } = await run.result;

    expect(outcome).toBe("completed");
    expect(artifacts.map(({ path, role }) => [path, role])).toEqual([
      ["weights/best.model", "model"],
      ["weights/last.model", "record"],
      ["results.txt", "record"],
    ]);
    expect(await readFile(join(stage.out, "weights/best.model"), "utf8")).toBe("whole: best");
    expect(receipt.epochs).toEqual({ done: 5, total: 5 });
    expect(receipt.metrics).toEqual({ loss: 0.2 });
    expect(receipt.lease.release).toBe("released");
    expect(receipt.lease.proofs.map(({ resource }) => resource.kind).sort()).toEqual([
      "address",
      "instance",
      "ssh-key",
    ]);
    expect(receipt.lease.costUsd).toBeGreaterThan(0);
    expect(stage.world.alive()).toEqual([]);
    expect(logOf(events)).toBe(stage.world.training.log);
    expect(await readFile(run.paths.log, "utf8")).toBe(stage.world.training.log);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at));
    expect(events.at(-1)?.type).toBe("finished");
    expect(JSON.parse(await readFile(join(stage.out, "receipt.json"), "utf8"))).toEqual(receipt);
    const phases = events.flatMap((event) =>
      event.type === "phase" && event.state === "started" ? [event.phase] : [],
    );
    expect(phases.filter((phase) => phase !== "environment")).toEqual([
      "lease",
      "connect",
      "ship",
      "start",
      "train",
      "locate",
      "download",
      "teardown",
    ]);
  });
});
