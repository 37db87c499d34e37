import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DrivenCloud, driveCloud } from "../__fixtures__/machines.ts";
import { faults } from "./table.ts";

/** As whoever runs the tests: root's machines or an ordinary user's. */
describe.runIf(process.platform === "linux")("on the way into a machine", () => {
  let cloud: DrivenCloud;

  beforeAll(async () => {
    cloud = await driveCloud({
      asSomebody: false,
      namespaces: true,
      // In the order in which the tests launch.
      faults: [
        { fault: "ssh-refused" },
        { fault: "ssh-silent" },
        { fault: "ssh-booting-up" },
        { fault: "ssh-dropped" },
        { fault: "ssh-host-key-changed", ms: 4_000 },
      ],
    });
  });
  afterAll(() => cloud.end());

  test(`ssh-refused: ${faults["ssh-refused"].what}`, async () => {
    const machine = await cloud.rent("refused");
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await machine.knock()).toBe("refused");
    expect((await cloud.call("GET", `/instances/${machine.id}`)).data.status).toBe("ACTIVE");
  });

  test(`ssh-silent: ${faults["ssh-silent"].what}`, async () => {
    const machine = await cloud.rent("silent");
    await expect.poll(() => machine.knock(), { timeout: 10_000 }).toBe("silent");
    expect(await machine.knock()).toBe("silent");
  });

  test(`ssh-booting-up: ${faults["ssh-booting-up"].what}`, async () => {
    const machine = await cloud.rent("booting");
    await expect.poll(() => machine.knock(), { timeout: 10_000 }).toBe("banner");
    const login = await machine.ssh("true");
    expect(login.ok).toBe(false);
    expect(login.stderr).toContain("System is booting up");
  });

  test(`ssh-dropped: ${faults["ssh-dropped"].what}`, async () => {
    const machine = await cloud.rent("dropped");
    await expect.poll(() => machine.knock(), { timeout: 15_000 }).toBe("dropped");
    expect((await machine.ssh("true")).stderr).toContain("timed out");
    const { data } = await cloud.call("GET", `/instances/${machine.id}`);
    expect(data.security_groups).toEqual([{ name: "default" }]);
  });

  test(`ssh-host-key-changed: ${faults["ssh-host-key-changed"].what}`, async () => {
    const machine = await cloud.rent("changed");
    await machine.untilLogin();
    const before = await machine.hostKey();
    const isNew = (key: string) => key !== "" && key !== before;
    await expect.poll(async () => isNew(await machine.hostKey()), { timeout: 15_000 }).toBe(true);
    await machine.untilLogin();
  });
});
