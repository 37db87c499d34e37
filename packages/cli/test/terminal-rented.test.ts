import { describe, expect, it } from "vitest";
import { processes } from "./process.ts";
import { terminals } from "./terminal.ts";

const open = terminals();
const start = processes();
const rented = { STORY_RENTED: "1" };
const training = { ...rented, STORY_BATCH_MS: "60" };
const train = ["train", "./shapes", "--yes"];

/** A paid training on a terminal, and the question that a first Ctrl-C brings. */
async function openPrompt(env: Readonly<Record<string, string>> = {}) {
  const terminal = open(train, { env: { ...training, ...env } });
  await terminal.shows("Ctrl-C: detach (default), stop and download, or terminate");
  terminal.press("C-c");
  await terminal.shows("What now?");
  return terminal;
}

describe("renting on a terminal", () => {
  it("asks, and the default is no", async () => {
    const terminal = open(["train", "./shapes"], { env: rented });
    await terminal.shows("Rent?");
    terminal.press("Enter");
    expect(await terminal.ended()).toBe(130);
    await terminal.shows("Nothing was rented.");
    expect(await terminal.readCalls()).not.toContain("start");
  });

  it("shows the cost and the deadline during the training", async () => {
    const terminal = open(train, { env: training });
    await terminal.shows(" at the end   stops at ");
    expect(terminal.screen()).toMatch(
      / {2}\$0\.0\d now {3}\$0\.\d\d at the end {3}stops at \d\d:\d\d \(\$8\.00\)/,
    );
  });
});

describe("Ctrl-C while a paid machine trains", () => {
  it("asks, and detaches on Enter", async () => {
    const terminal = await openPrompt();
    terminal.press("Enter");
    expect(await terminal.ended()).toBe(130);
    await terminal.shows("swift-otter continues without this process");
    expect(await terminal.readCalls()).toContain("start, detach, dispose");
  });

  it.each([
    [1, "stop,"],
    [2, "stop discard,"],
  ])("asks, and choice %i below the default does: %s", async (down, done) => {
    const terminal = await openPrompt();
    for (let press = 0; press < down; press += 1) terminal.press("Down");
    terminal.press("Enter");
    expect(await terminal.ended()).toBe(130);
    expect(await terminal.readCalls()).toContain(`start, ${done}`);
  });

  it("stops the training at the second time, and exits at the third with 4 and a hint at gc", async () => {
    const terminal = await openPrompt({ STORY_STOP_HANGS: "1" });
    terminal.press("C-c");
    await terminal.shows("downloading its model and releasing the machine");
    await terminal.shows("Ctrl-C: leave the rest to the guardian");
    terminal.press("C-c");
    expect(await terminal.ended(1_000)).toBe(4);
    await terminal.shows("unitrain gc");
    expect(await terminal.readCalls()).toContain("start, stop");
  });

  it("releases everything before the training, at once at the second time, and exits at the third", async () => {
    const terminal = open(train, {
      env: { ...rented, STORY_BEGINNING_MS: "20000", STORY_STOP_HANGS: "1" },
    });
    await terminal.shows("Ctrl-C: release everything, train nothing");
    for (const sign of ["releasing the machine", "at once. Once more: leave it to the guardian"]) {
      terminal.press("C-c");
      await terminal.shows(sign);
    }
    terminal.press("C-c");
    expect(await terminal.ended(1_000)).toBe(4);
    expect(await terminal.readCalls()).toContain("start, stop, stop 0");
  });

  it("continues a download, and leaves it to the guardian at the second time with 4", async () => {
    const terminal = open(train, {
      env: { ...rented, STORY_BATCH_MS: "0", STORY_DOWNLOAD_MS: "20000", STORY_STOP_HANGS: "1" },
    });
    await terminal.shows("Ctrl-C twice: leave the rest to the guardian");
    terminal.press("C-c");
    await terminal.shows("is over: downloading its model");
    await terminal.shows("Ctrl-C: leave the rest to the guardian");
    terminal.press("C-c");
    expect(await terminal.ended(1_000)).toBe(4);
    expect(await terminal.readCalls()).toContain("start, stop");
  });

  it("lets the training continue to its end while the question is open", async () => {
    const terminal = await openPrompt({ STORY_BATCH_MS: "15" });
    expect(await terminal.ended()).toBe(0);
    await terminal.shows("GONE   instance  7f3a91d2");
  });
});

describe("signals to a paid training without a terminal", () => {
  it.each([
    ["SIGINT", "stop"],
    ["SIGTERM", "stop"],
    ["SIGHUP", "detach"],
  ] as const)("%s: %s", async (signal, done) => {
    const run = start(train, training);
    await run.printed("epoch  1/12");
    run.child.kill(signal);
    expect(await run.ended).toBe(130);
    expect(run.readCalls()).toContain(`start, ${done}, dispose`);
  });
});
