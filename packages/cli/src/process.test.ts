import { describe, expect, it } from "vitest";
import { processes } from "./testing/process.ts";

const start = processes();

describe("without a terminal", () => {
  it("the process ends with 0 when the run is over", async () => {
    const run = start(["train", "./shapes"], { STORY_BATCH_MS: "0" });
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain("Done     swift-otter");
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s leaves a training that runs, with 130",
    async (signal) => {
      const run = start(["train", "./shapes"], { STORY_BATCH_MS: "50" });
      await run.printed("epoch 1/12");
      run.child.kill(signal);
      expect(await run.ended).toBe(130);
      expect(run.text()).toContain("unitrain attach swift-otter");
      expect(run.asked()).toBe("assemble local, start, detach, dispose");
    },
  );

  it.each(["SIGINT", "SIGTERM"] as const)("%s stops a run that prepares, with 130", async (signal) => {
    const run = start(["train", "./shapes"], { STORY_BEGINNING_MS: "500" });
    await run.printed("connection");
    run.child.kill(signal);
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("Stopping swift-otter");
    expect(run.asked()).toBe("assemble local, start, stop, dispose");
  });

  it("SIGHUP leaves a run that prepares as soon as its training runs", async () => {
    const run = start(["train", "./shapes"], { STORY_BEGINNING_MS: "200" });
    await run.printed("connection");
    run.child.kill("SIGHUP");
    expect(await run.ended).toBe(130);
    expect(run.text()).toContain("environment");
    expect(run.asked()).toBe("assemble local, start, detach, dispose");
  });

  it("a reader that goes away ends nothing, and is not talked about", async () => {
    const run = start(["train", "./shapes", "--json"], { STORY_BATCH_MS: "5" });
    run.child.stdout?.once("data", () => run.child.stdout?.destroy());
    expect(await run.ended).toBe(0);
    expect(run.text()).not.toContain("EPIPE");
    expect(run.asked()).toBe("assemble local, start, dispose");
  });

  it("colours are shown where they are forced, and nowhere else", async () => {
    const bold = `${String.fromCharCode(27)}[1mRun`;
    const forced = start(["plan", "./shapes"], { FORCE_COLOR: "1" });
    const plain = start(["plan", "./shapes"]);
    await Promise.all([forced.ended, plain.ended]);
    expect(forced.text()).toContain(bold);
    expect(plain.text()).toContain("Run    swift-otter");
  });

  it("experimental parts of Node are not talked about, other warnings are", async () => {
    const run = start(["plan", "./shapes"], { STORY_WARN: "1" });
    await run.ended;
    expect(run.text()).not.toContain("sqlite");
    expect(run.text()).toContain("worth knowing");
  });
});
