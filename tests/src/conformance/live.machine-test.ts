import { expect, it } from "vitest";
import { createLiveAccount } from "./live-program.ts";

const live = ["--live", "--budget", "10"];

it("unitrain-conformance --live shows the price, asks, keeps every rule and leaves nothing", async (context) => {
  const { emulator, start, listOurs } = await createLiveAccount(context);
  const foreign = emulator.instances().length;
  const program = start(live, "y\n");
  expect(await program.exitCode, program.printed()).toBe(0);
  const text = program.printed();
  expect(text).toMatch(
    /H100.*: \$2\.\d\d per hour[\s\S]*The budget is \$10\.00[\s\S]*Rent machines in this account\? \[y\/N\]/,
  );
  expect(text).toContain("kept      provider/crash-loses-nothing");
  expect(text).not.toMatch(/BROKEN|left out/);
  expect(text).toMatch(/Spent about \$\d+\.\d\d\. Nothing of the checks is left in the account/);
  expect(text).not.toContain(emulator.apiKey);
  expect(listOurs()).toEqual([]);
  expect(emulator.instances()).toHaveLength(foreign);
});

it("rents nothing if the answer is no, or if there is nobody to ask", async (context) => {
  const { emulator, start } = await createLiveAccount(context);
  const refused = start(live, "n\n");
  expect(await refused.exitCode).toBe(1);
  expect(refused.printed()).toContain("Nothing was rented.");
  const unattended = start(live);
  expect(await unattended.exitCode).toBe(1);
  expect(unattended.printed()).toContain("There is no terminal to ask. Pass --yes to agree.");
  expect(emulator.bill().totalUsd).toBe(0);
});

it("--sweep releases what a killed --live left, and nothing else", async (context) => {
  const { emulator, start, listOurs } = await createLiveAccount(context);
  const foreign = emulator.instances().length;
  const program = start([...live, "--yes"]);
  // The machine exists, and the program never gets to know it.
  emulator.watch(({ stage, request }) => {
    if (request.call === "launch" && stage === "done") program.process.kill("SIGKILL");
  });
  expect(await program.exitCode).toBeNull();
  expect(listOurs().join()).toContain("unitrain-c0nf0r-");
  const sweep = start(["--sweep"]);
  expect(await sweep.exitCode, sweep.printed()).toBe(0);
  expect(sweep.printed()).toMatch(
    /released instance unitrain-c0nf0r-[\s\S]*Nothing of the checks is left in the account/,
  );
  expect(listOurs()).toEqual([]);
  expect(emulator.instances()).toHaveLength(foreign);
});
