import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createTestbed, leaseName } from "../test/testbed.ts";
import { canopywave } from "./index.ts";

describe("renting and releasing", () => {
  it("rents key, instance and address, returns the machine's address, and proves that all are gone", async () => {
    const { clock, context, emulator, releaseAll, ours, others, provider, rent, resources, secrets } =
      await createTestbed();
    await rent();
    expect(ours()).toEqual({ instances: 1, addresses: 1, keys: 1 });
    const [address] = emulator.addresses().filter(({ isForeign }) => !isForeign);
    expect(await provider.getMachineState(resources(), context)).toEqual({
      state: "running",
      machine: { connectionKind: "ssh", host: address?.ip, port: 22, user: "ubuntu", trust: "lease" },
    });
    expect(resources()).toMatchObject([
      { kind: "ssh-key", name: leaseName, id: leaseName },
      { kind: "instance", name: leaseName, id: expect.any(String), region: "sequoia" },
      { kind: "address", name: leaseName, id: address?.id },
    ]);
    expect([...secrets]).toContain(emulator.apiKey);
    const start = clock.now();
    const proofs = await provider.release(resources(), context);
    expect(proofs.map(({ resource, evidence }) => [resource.kind, evidence])).toEqual(
      expect.arrayContaining([
        ["instance", expect.stringMatching(/^GET \/instances\/[\w-]+ answered 404$/)],
        ["address", expect.stringContaining("GET /ips no longer lists it")],
        ["ssh-key", expect.stringContaining("GET /ssh-keys does not list it")],
      ]),
    );
    expect(clock.now() - start).toBeLessThan(20_000);
    expect(ours()).toEqual({ instances: 0, addresses: 0, keys: 0 });
    expect(others()).toBe("untouched");
    expect(
      await provider.release(
        proofs.map(({ resource }) => resource),
        context,
      ),
    ).toHaveLength(3);
    await releaseAll();
  });
});

it("has a pattern of its keys", () => {
  const [pattern = /$^/] = canopywave().secretPatterns ?? [];
  expect("key cw_0123456789abcdef.".replace(pattern, "[redacted]")).toBe("key [redacted].");
});

it("has a pattern that takes linear time on text of its own beginnings", () => {
  const [pattern = /$^/] = canopywave().secretPatterns ?? [];
  const text = "cw_".repeat(200_000);
  // A pattern that looks ahead without a bound takes minutes here.
  runInNewContext("search()", { search: () => text.replace(pattern, "") }, { timeout: 20_000 });
});
