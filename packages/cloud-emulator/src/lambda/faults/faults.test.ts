import { expect, test } from "vitest";
import { proveCommonFaults } from "../../../test/common-fault-proofs.ts";
import { type LambdaCloud, startLambdaCloud } from "../../../test/lambda-cloud.ts";
import { callNames } from "../http/call.ts";
import { type FaultName, faultNames, faults, type OwnFaultName } from "./table.ts";

proveCommonFaults(faults, async () => {
  const { emulator, clock, call, addKey, launch } = await startLambdaCloud();
  return {
    emulator,
    clock,
    inject: (fault, order) => emulator.inject({ fault: fault as FaultName, ...order }),
    read: () => call("GET", "/instance-types"),
    getPrice: ({ data }) => data.gpu_1x_a10.instance_type.price_cents_per_hour,
    addKey,
    removeKey: () => call("DELETE", `/ssh-keys/${emulator.keys()[0]?.id}`),
    launch: () => launch(),
    list: () => call("GET", "/instances"),
    find: (id) => call("GET", `/instances/${id}`),
    terminate: (id) => call("POST", "/instance-operations/terminate", { instance_ids: [id] }),
    statuses: { booting: "booting", active: "active", error: "unhealthy", stopped: "unhealthy" },
    sparseField: "hostname",
  };
});

type Proof = (cloud: LambdaCloud, order: (more?: { readonly ms?: number }) => void) => Promise<void>;

/** Checks for each fault that only this cloud has that the response and the state of the cloud match its description. */
const proofs: Record<OwnFaultName, Proof> = {
  "launch-insufficient-capacity": refused(400, "instance-operations/launch/insufficient-capacity"),
  "launch-quota-exceeded": refused(400, "global/quota-exceeded"),
  "launch-account-inactive": refused(403, "global/account-inactive"),
  "launch-invalid-address": refused(403, "global/invalid-address"),
  "launch-provider-unavailable": refused(503, "provider/internal-unavailable"),
  "capacity-none": async ({ call }, order) => {
    order();
    const { data } = await call("GET", "/instance-types");
    expect(data.gpu_1x_a10.regions_with_capacity_available).toEqual([]);
  },
  "instance-preempted": async ({ emulator, clock, launch }, order) => {
    order({ ms: 5_000 });
    await launch();
    clock.pass(5_000);
    expect(emulator.instances()[0]?.status).toBe("preempted");
    expect(emulator.bill().entries[0]?.toMs).toBeNull();
  },
  "terminate-stays-listed": async ({ call, clock, emulator, launch }, order) => {
    await launch();
    const id = emulator.instances()[0]?.id;
    order();
    await call("POST", "/instance-operations/terminate", { instance_ids: [id] });
    clock.pass(1_000);
    expect((await call("GET", "/instances")).data).toMatchObject([{ id, status: "terminated" }]);
    expect((await call("GET", `/instances/${id}`)).data).toMatchObject({ status: "terminated" });
    expect(emulator.bill().aliveAt(clock.now())).toEqual([]);
  },
  "key-in-use": async ({ addKey, call, emulator }, order) => {
    await addKey();
    order();
    expect((await call("DELETE", `/ssh-keys/${emulator.keys()[0]?.id}`)).status).toBe(400);
    expect(emulator.keys()).toHaveLength(1);
  },
  "firewall-closed": async ({ call }, order) => {
    order();
    expect((await call("GET", "/firewall-rulesets/global")).data.rules).toEqual([]);
    expect((await call("GET", "/firewall-rulesets/global")).data.rules).toMatchObject([
      { port_range: [22, 22] },
      {},
    ]);
  },
};

for (const [name, proof] of Object.entries(proofs) as [OwnFaultName, Proof][]) {
  test(`${name}: ${faults[name].description}`, async () => {
    const cloud = await startLambdaCloud();
    await proof(cloud, (more) => cloud.emulator.inject({ fault: name, ...more }));
    expect(cloud.emulator.events().map(({ fault }) => fault)).toContain(name);
  });
}

test("every fault applies to existing calls only", () => {
  for (const name of faultNames) {
    const { calls } = faults[name];
    if (calls !== "any") expect(callNames).toEqual(expect.arrayContaining([...calls]));
  }
});

function refused(status: number, code: string): Proof {
  return async ({ emulator, launch }, order) => {
    order();
    const answer = await launch();
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text).error.code).toBe(code);
    expect(emulator.instances()).toEqual([]);
  };
}
