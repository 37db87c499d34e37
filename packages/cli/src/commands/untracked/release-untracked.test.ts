import type { Resource } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { runCli } from "../../../test/run-cli.ts";
import { cloudWithoutKey, cloudWithUntracked, failingCloud } from "../../../test/several-clouds.ts";

const instance = (name: string, id: string): Resource => ({
  kind: "instance",
  name,
  id,
  onRelease: "delete",
});
const a = instance("unitrain-a-1", "id-a");
const b = instance("unitrain-b-1", "id-b");

describe("gc --untracked without --on", () => {
  it("searches all clouds with a key, and names those without one", async () => {
    const clouds = [
      cloudWithUntracked("alpha", [a]).cloud,
      cloudWithUntracked("beta", [b]).cloud,
      cloudWithoutKey,
    ];
    const { exitCode, out } = await runCli("gc --untracked --dry-run", { clouds });
    expect(exitCode).toBe(4);
    expect(out).toContain("untracked: alpha: unitrain-a-1  instance id-a");
    expect(out).toContain("untracked: beta: unitrain-b-1  instance id-b");
    expect(out).toContain("Without a key: keyless (KEYLESS_API_KEY)");
  });

  it("releases each resource at the cloud that has it", async () => {
    const [alpha, beta] = [cloudWithUntracked("alpha", [a]), cloudWithUntracked("beta", [b])];
    const { exitCode } = await runCli("gc --untracked --all --yes", { clouds: [alpha.cloud, beta.cloud] });
    expect([exitCode, alpha.released, beta.released]).toEqual([0, [a], [b]]);
  });

  it("releases what the others have although a cloud fails, and exits with 4", async () => {
    const alpha = cloudWithUntracked("alpha", [a]);
    const clouds = [failingCloud("broken"), alpha.cloud];
    for (const line of ["gc --untracked --all --yes", "gc --untracked unitrain-a-1 --yes"]) {
      const { exitCode, out } = await runCli(line, { clouds });
      expect(out).toContain("gone    alpha: instance id-a");
      expect(out).toContain("! broken: broken is down.");
      expect(exitCode).toBe(4);
    }
  });

  it("exits with 4 if nothing is found but a cloud fails", async () => {
    const clouds = [failingCloud("broken"), cloudWithUntracked("alpha", []).cloud];
    const { exitCode, out } = await runCli("gc --untracked", { clouds });
    expect([exitCode, out]).toEqual([4, expect.stringContaining("were found: alpha.")]);
    const named = await runCli("gc --untracked unitrain-x --yes", { clouds });
    expect([named.exitCode, named.stderr]).toEqual([4, expect.stringContaining("unknown whether")]);
  });

  it("exits with 4 if the records hold what may cost money, although no cloud could be searched", async () => {
    const unconfirmed = [{ runId: "r", resource: a, reason: "HTTP 500" }];
    const { exitCode, out, stderr } = await runCli("gc --untracked --dry-run", {
      gc: { unconfirmed },
      clouds: [cloudWithoutKey],
    });
    expect(out).toContain("UNSURE  instance id-a");
    expect(stderr).toContain("Something may still cost money, and the search for more failed: ");
    expect(exitCode).toBe(4);
  });

  it("keeps the others' proofs if a cloud fails while it releases", async () => {
    const alpha = cloudWithUntracked("alpha", [a], { canRelease: false });
    const beta = cloudWithUntracked("beta", [b]);
    const { exitCode, out } = await runCli("gc --untracked --all --yes", {
      clouds: [alpha.cloud, beta.cloud],
    });
    expect(out).toContain("UNSURE  alpha: instance id-a");
    expect(out).toContain("! alpha: alpha releases nothing.");
    expect(out).toContain("gone    beta: instance id-b");
    expect(exitCode).toBe(4);
  });

  it("releases with the account that listed it if the configuration has a cloud of the same name", async () => {
    const [first, second] = [cloudWithUntracked("alpha", []), cloudWithUntracked("alpha", [b])];
    await runCli("gc --untracked --all --yes", { clouds: [first.cloud, second.cloud] });
    expect([first.released, second.released]).toEqual([[], [b]]);
  });

  it("needs a key of at least one cloud", async () => {
    const { exitCode, stderr } = await runCli("gc --untracked", { clouds: [cloudWithoutKey] });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("KEYLESS_API_KEY")]);
  });
});
