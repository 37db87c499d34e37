import type { RunContext } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { type SshMachineOptions, sshMachine } from "./index.ts";

const context: RunContext = {
  signal: new AbortController().signal,
  secret: () => {},
  showStatus: () => {},
  wait: async () => {},
  runId: "run",
  leaseId: "installation-run-1",
  folder: "/nonexistent",
};

async function getMachine(target: string | SshMachineOptions) {
  const state = await sshMachine(target).getMachineState([], context);
  if (state.state !== "running") throw new Error(state.state);
  return state.machine;
}

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZ0bXA=";

describe("sshMachine", () => {
  it("is borrowed and free, and its hardware is unknown before a connection", async () => {
    const provider = sshMachine("ssh://ubuntu@gpu-box");
    expect(provider).toMatchObject({ name: "ssh", connectionKind: "ssh", ownership: "borrowed" });
    expect(provider.defaultTransport).toBeUndefined();
    expect(await provider.quote({ diskBytes: 1e18, gpu: "H100" }, context)).toMatchObject({
      machine: "gpu-box (ssh)",
      priceUsdPerHour: 0,
      upfrontUsd: 0,
      otherUsdPerHour: 0,
      gpus: "unknown",
      available: "unknown",
    });
    expect(provider.listPlannedResources("lease", await provider.quote({ diskBytes: 1 }, context))).toEqual(
      [],
    );
    expect(await provider.release([], context)).toEqual([]);
  });

  it.each([
    ["ssh://ubuntu@gpu-box:2222", { host: "gpu-box", port: 2222, user: "ubuntu" }],
    ["ssh://gpu-box/", { host: "gpu-box" }],
    ["ubuntu@192.0.2.7", { host: "192.0.2.7", user: "ubuntu" }],
    ["gpu-box", { host: "gpu-box" }],
    ["ssh://me@[2001:db8::7%eth0]:22", { host: "2001:db8::7%eth0", port: 22, user: "me" }],
    ["ssh://first%40last@box", { host: "box", user: "first@last" }],
    [
      { host: "box", hostKey: key },
      { host: "box", hostKey: key },
    ],
  ] as const)("parses %j", async (target, expected) => {
    expect(await getMachine(target)).toEqual({ connectionKind: "ssh", trust: "known-hosts", ...expected });
  });

  it("can be created from its recipe in another process", () => {
    const { recipe } = sshMachine("ssh://ubuntu@gpu-box:2222");
    expect(recipe).toMatchObject({ module: "@unitrain/provider-ssh", exportName: "sshMachine", secrets: [] });
    const recreated = sshMachine(JSON.parse(JSON.stringify(recipe?.options)));
    expect(recreated.recipe).toEqual(recipe);
  });

  it.each([
    "",
    "ssh://",
    "-oProxyCommand=id",
    "ssh://-oProxyCommand=id@box",
    "me@-oProxyCommand=id",
    "a b",
    "box\n",
    "box:99999",
    "box:0",
    "https://box",
    "a@b@c",
    "ssh://box/path",
    { host: "box", hostkey: key },
    { host: "box", hostKey: "not a key" },
    { host: "box", port: "22" },
    {},
  ])("refuses %j", (target) => {
    // Values of any type, as a configuration in JavaScript may contain.
    const refused = expect.objectContaining({ code: "INVALID_OPTIONS", hint: expect.any(String) });
    expect(() => sshMachine(target as string)).toThrow(refused);
  });

  it("refuses a password in the address without repeating it", () => {
    expect(() => sshMachine("ssh://me:hunter22@box")).toThrow(/must not contain a password/);
    expect(() => sshMachine("ssh://me:hunter22@box")).not.toThrow(/hunter22/);
  });
});
