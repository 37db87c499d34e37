import { afterAll, beforeAll, describe, test } from "vitest";
import { type DrivenCloud, driveCloud, type Rented } from "../../../test/machines.ts";
import type { FaultName } from "./table.ts";
import { faults } from "./table.ts";

type Name = Extract<FaultName, `ssh-${string}`>;

/** The machines run as the user who runs the tests: root or an ordinary user. */
describe.runIf(process.platform === "linux").concurrent("on the way into a machine", () => {
  const names: readonly Name[] = [
    "ssh-refused",
    "ssh-silent",
    "ssh-booting-up",
    "ssh-dropped",
    "ssh-host-key-changed",
  ];
  const machines: Partial<Record<Name, Rented>> = {};
  let cloud: DrivenCloud;

  beforeAll(async () => {
    const order = (fault: Name) => (fault === "ssh-host-key-changed" ? { fault, ms: 8_000 } : { fault });
    cloud = await driveCloud({ isUnprivileged: false, namespaces: true, faults: names.map(order) });
    // Launches run one after the other, because each takes the next fault.
    for (const name of names) machines[name] = await cloud.rent(name);
  });
  afterAll(() => cloud.end());

  const rented = (name: Name): Rented => {
    const machine = machines[name];
    if (machine === undefined) throw new Error(`Nothing was rented for ${name}.`);
    return machine;
  };

  test(`ssh-refused: ${faults["ssh-refused"].description}`, async ({ expect }) => {
    const machine = rented("ssh-refused");
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await machine.probePort()).toBe("refused");
    expect((await cloud.call("GET", `/instances/${machine.id}`)).data.status).toBe("ACTIVE");
  });

  test(`ssh-silent: ${faults["ssh-silent"].description}`, async ({ expect }) => {
    const machine = rented("ssh-silent");
    await expect.poll(() => machine.probePort(), { timeout: 10_000 }).toBe("silent");
    expect(await machine.probePort()).toBe("silent");
  });

  test(`ssh-booting-up: ${faults["ssh-booting-up"].description}`, async ({ expect }) => {
    const machine = rented("ssh-booting-up");
    await expect.poll(() => machine.probePort(), { timeout: 10_000 }).toBe("banner");
    const login = await machine.ssh("true");
    expect(login.ok).toBe(false);
    expect(login.stderr).toContain("System is booting up");
  });

  test(`ssh-dropped: ${faults["ssh-dropped"].description}`, async ({ expect }) => {
    const machine = rented("ssh-dropped");
    await expect.poll(() => machine.probePort(), { timeout: 15_000 }).toBe("dropped");
    expect((await machine.ssh("true")).stderr).toContain("timed out");
    const { data } = await cloud.call("GET", `/instances/${machine.id}`);
    expect(data.security_groups).toEqual([{ name: "default" }]);
  });

  test(`ssh-host-key-changed: ${faults["ssh-host-key-changed"].description}`, async ({ expect }) => {
    const machine = rented("ssh-host-key-changed");
    await machine.waitForLogin();
    const before = await machine.hostKey();
    const isNew = (key: string) => key !== "" && key !== before;
    await expect.poll(async () => isNew(await machine.hostKey()), { timeout: 20_000 }).toBe(true);
    await machine.waitForLogin();
  });
});
