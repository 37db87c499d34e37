import { describe, expect, it } from "vitest";
import { runInPlace } from "./run-in-place.ts";

const node = (script: string) => [process.execPath, "-e", script];

describe("a program in our place", () => {
  it("ends as it does, also by a signal", async () => {
    expect(await runInPlace(node("process.exit(5)"))).toBe(5);
    expect(await runInPlace(node("process.kill(process.pid, 'SIGTERM')"))).toBe(143);
  });

  it("that is not here is named", async () => {
    await expect(runInPlace(["no-such-program-here"])).rejects.toThrow(
      "no-such-program-here is not on this computer",
    );
  });
});
