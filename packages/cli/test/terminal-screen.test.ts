import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchFolders } from "./scratch.ts";
import { terminals } from "./terminal.ts";

const scratch = scratchFolders();
const open = terminals();

describe("on a terminal", () => {
  it("redraws the current state in place, and leaves only the events at the end", async () => {
    const terminal = open(["train", "./shapes"], { env: { STORY_BATCH_MS: "6" } });
    await terminal.shows("> epoch");
    expect(await terminal.ended()).toBe(0);
    await terminal.shows("Cost     nothing: a machine of your own");
    const lines = terminal.screen().split("\n");
    expect(lines.filter((line) => line.includes("> epoch"))).toEqual([]);
    expect(lines.filter((line) => line.startsWith("+ "))).toHaveLength(5);
  });

  it("asks before it runs setup lines on a permanent machine", async () => {
    const terminal = open(["train", "./shapes", "--setup", "ldconfig"], { env: {} });
    await terminal.shows("--setup changes this computer: ldconfig. Run it there?");
    terminal.press("n");
    expect(await terminal.ended()).toBe(130);
    await terminal.shows("Nothing was started.");
    expect(await terminal.readCalls()).toBe("assemble local");
  });

  it("Ctrl-C detaches from a running training, prints how to attach, and exits with 130", async () => {
    const terminal = open(["train", "./shapes"], { env: { STORY_BATCH_MS: "60" } });
    await terminal.shows("> epoch");
    await terminal.shows("Ctrl-C: leave it running; unitrain attach swift-otter comes back");
    terminal.press("C-c");
    expect(await terminal.ended()).toBe(130);
    await terminal.shows("swift-otter continues without this process: epoch ");
    await terminal.shows("  unitrain stop swift-otter     stop it now");
    expect(terminal.screen()).not.toContain("> epoch");
    expect(await terminal.readCalls()).toBe("assemble local, start, detach, dispose");
  });

  it("Ctrl-C stops a run before its training, the second time without waiting, and the third time exits", async () => {
    const terminal = open(["train", "./shapes"], {
      env: { STORY_BEGINNING_MS: "20000", STORY_STOP_HANGS: "1" },
    });
    await terminal.shows("Ctrl-C: stop and clean up");
    terminal.press("C-c");
    await terminal.shows("Stopping swift-otter and cleaning up");
    await terminal.shows("Ctrl-C: stop without waiting");
    terminal.press("C-c");
    await terminal.shows("Stopping swift-otter at once");
    await terminal.shows("Ctrl-C: leave at once, as it is");
    terminal.press("C-c");
    expect(await terminal.ended(1_000)).toBe(130);
    expect(await terminal.readCalls()).toBe("assemble local, start, stop, stop 0");
  });

  it("Ctrl-C during the download leaves the other files on the machine and prints how to attach", async () => {
    const terminal = open(["train", "./shapes"], {
      env: { STORY_BATCH_MS: "0", STORY_DOWNLOAD_MS: "20000" },
    });
    await terminal.shows("Ctrl-C: leave the rest there; unitrain attach swift-otter downloads it");
    terminal.press("C-c");
    expect(await terminal.ended()).toBe(130);
    await terminal.shows("The training of swift-otter is over; the other files stay on the machine.");
    await terminal.shows("unitrain attach swift-otter");
    expect(terminal.screen()).not.toContain("unitrain stop");
    expect(await terminal.readCalls()).toBe("assemble local, start, detach, dispose");
  });

  it("closing the window leaves a training running", async () => {
    const terminal = open(["train", "./shapes"], { env: { STORY_BATCH_MS: "60" } });
    await terminal.shows("> epoch");
    terminal.closeWindow();
    expect(await terminal.readCalls()).toBe("assemble local, start, detach, dispose");
  });

  it("closing the window before the training detaches once the training runs", async () => {
    const terminal = open(["train", "./shapes"], {
      env: { STORY_BEGINNING_MS: "200", STORY_BATCH_MS: "60" },
    });
    await terminal.shows("> connection");
    terminal.closeWindow();
    expect(await terminal.readCalls()).toBe("assemble local, start, detach, dispose");
  });

  it("leaves no stale lines after the window was narrowed", async () => {
    const terminal = open(["train", "./shapes"], { columns: 140, env: { STORY_BATCH_MS: "3000" } });
    await terminal.shows("> epoch 1/12");
    for (const columns of [90, 50, 140, 45]) {
      // tmux wraps what it shows, and tells of the new size a moment later: a frame in between would leave a line. The next frame
      // is a second away when one was just drawn.
      const before = terminal.screen();
      await expect.poll(terminal.screen, { timeout: 5_000 }).not.toBe(before);
      terminal.resize(columns);
      // Drawn again within a moment; a stale line would stay.
      await expect
        .poll(() => terminal.screen().match(/> epoch|Ctrl-C:| s\/epoch/g), { timeout: 5_000 })
        .toEqual(["> epoch", " s/epoch", "Ctrl-C:"]);
    }
  });

  it.each([40, 140])("is readable at %i columns", async (columns) => {
    const terminal = open(["train", "./shapes"], { columns, rows: 90, env: { STORY_BATCH_MS: "3" } });
    await terminal.shows("> epoch");
    expect(await terminal.ended()).toBe(0);
    await terminal.shows("Cost     nothing: a machine of your own");
    expect(terminal.screen()).not.toContain("> epoch");
    expect(terminal.screen().match(/EPOCH/g)).toHaveLength(1);
  });
});

describe("questions on a terminal", () => {
  it("of init have the findings as default answers", async () => {
    const folder = scratch();
    mkdirSync(join(folder, "pallets"));
    writeFileSync(join(folder, "pallets", "data.yaml"), "train: a\nval: b\nnames: [x]\n");
    const terminal = open(["init"], { env: { STORY_FOLDER: folder, HOME: folder } });
    for (const question of ["Where is the dataset?", "Which model", "How many epochs?", "Where to train?"]) {
      await terminal.shows(question);
      terminal.press("Enter");
    }
    expect(await terminal.ended()).toBe(0);
    await terminal.shows("unitrain plan");
    const written = readFileSync(join(folder, "unitrain.config.ts"), "utf8");
    expect(written).toContain('data: "./pallets"');
    expect(written).toContain('on: "local"');
  });

  it("of init write nothing if they are cancelled", async () => {
    const folder = scratch();
    const terminal = open(["init"], { env: { STORY_FOLDER: folder, HOME: folder } });
    await terminal.shows("Where is the dataset?");
    terminal.press("C-c");
    expect(await terminal.ended()).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("for a secret do not show the answer", async () => {
    const terminal = open(["train", "./shapes", "--secret", "HF_TOKEN"], {
      env: { STORY_SECRETS: "HF_TOKEN", STORY_BATCH_MS: "0" },
    });
    await terminal.shows("Value of the secret HF_TOKEN");
    terminal.press("hidden-value");
    terminal.press("Enter");
    expect(await terminal.ended()).toBe(0);
    expect(terminal.screen()).not.toContain("hidden-value");
    expect(await terminal.readCalls()).toContain('secrets {"HF_TOKEN":"hidden-value"}');
  });
});
