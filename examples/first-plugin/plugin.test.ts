import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CallContext, Manifest, ReadyCheckInput } from "@unitrain/core/spec";
import { expect, test } from "vitest";
import { teamRules } from "./plugin.ts";

const { hooks } = teamRules({ team: "robotics" });

test("try.ts prints what the page shows", async () => {
  const argv = ["--conditions=@unitrain/source", fileURLToPath(new URL("try.ts", import.meta.url))];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  await expect(stdout).toMatchFileSnapshot("output.txt");
});

test("drafts are not uploaded", async () => {
  const file = (path: string) => ({ path, from: { bytes: Buffer.from("") }, sizeBytes: 0 });
  const manifest: Manifest = {
    async *entries() {
      yield [file("images/1.jpg"), file("drafts/2.jpg")];
    },
  };
  const { ship } = hooks;
  if (typeof ship !== "function") throw new Error("ship is no function");
  const paths: string[] = [];
  for await (const batch of (await ship(manifest, {} as CallContext)).entries())
    paths.push(...batch.map(({ path }) => path));
  expect(paths).toEqual(["images/1.jpg"]);
});

// #region full-disk
test("a machine with a full disk is refused at once", async () => {
  const { readyCheck } = hooks;
  if (typeof readyCheck !== "function") throw new Error("readyCheck is no function");
  const facts = { hostname: "gpu-box", mounts: [{ path: "/", freeBytes: 5e9 }] };
  const answer = await readyCheck({ facts } as unknown as ReadyCheckInput, {} as CallContext);
  expect(answer).toEqual({
    ready: false,
    step: "disk",
    reason: "gpu-box has 5 GB free, and robotics needs 20 GB",
    final: true,
  });
});
// #endregion full-disk
