import { expect, onTestFinished, test } from "vitest";
import { type Answer, createTemporaryFolder, createTestClock, send } from "../../../test/cloud.ts";
import { proveCommonFaults } from "../../../test/common-fault-proofs.ts";
import { startEmulator } from "../emulator.ts";
import { callNames } from "../http/call.ts";
import { type FaultName, faultNames, faults } from "./table.ts";

const cpuPod = {
  name: "unitrain-a-b-1",
  image: "runpod/base:1.0.2-ubuntu2404",
  cpu: { id: "cpu3c", vcpuCount: 4 },
  env: { PUBLIC_KEY: "ssh-ed25519 AAAA" },
};

async function startRunpod() {
  const folder = await createTemporaryFolder();
  const clock = createTestClock();
  const emulator = await startEmulator({ others: "none", clock, folder });
  onTestFinished(() => emulator.close());
  const call = async (method: string, path: string, body: object = {}): Promise<Answer> => {
    const url = new URL(emulator.url + path);
    const answer = await send(emulator.apiKey, method, url, { ...body });
    return { ...answer, data: readData(answer.text) };
  };
  const launch = () => call("POST", "/v2/pods", cpuPod);
  return { emulator, clock, call, launch };
}

/** Its bill has two entries for a pod, and no status says that it is being terminated. */
const {
  "terminate-slow": slow,
  "terminate-never-ends": never,
  "instance-stopped": stopped,
  ...sameEverywhere
} = faults;

proveCommonFaults(sameEverywhere, async () => {
  const { emulator, clock, call, launch } = await startRunpod();
  const asOk = (answer: Answer) => ({
    ...answer,
    status: [201, 204].includes(answer.status) ? 200 : answer.status,
  });
  const create = async () => asOk(await launch());
  return {
    // A pod has no key of its own, so a pod stands for what a call creates.
    emulator: { ...emulator, keys: () => emulator.instances().map(({ name }) => toKey(name)) },
    clock,
    inject: (fault, order) => emulator.inject({ fault: fault as FaultName, ...order }),
    read: () => call("GET", "/v2/catalog/gpus"),
    getPrice: ({ data }) => data.gpus[0].price.secure,
    addKey: create,
    removeKey: create,
    launch: create,
    list: async () => {
      const answer = await call("GET", "/v2/pods");
      return { ...answer, data: answer.data?.pods };
    },
    find: (id) => call("GET", `/v2/pods/${id}`),
    terminate: async (id) => asOk(await call("DELETE", `/v2/pods/${id}`)),
    statuses: { booting: "PROVISIONING", active: "RUNNING", error: "ERROR", stopped: "EXITED" },
    sparseField: "image",
  };
});

test(`${slow.description}; ${never.description}`, async () => {
  const { emulator, clock, call, launch } = await startRunpod();
  for (const [fault, isGone] of [
    ["terminate-slow", true],
    ["terminate-never-ends", false],
  ] as const) {
    const { id } = (await launch()).data;
    emulator.inject({ fault });
    expect((await call("DELETE", `/v2/pods/${id}`)).status).toBe(204);
    clock.pass(59_999);
    expect((await call("GET", `/v2/pods/${id}`)).data).toMatchObject({ id, status: "RUNNING" });
    clock.pass(1);
    expect((await call("GET", `/v2/pods/${id}`)).status).toBe(isGone ? 404 : 200);
  }
});

test(`${stopped.description}: the disk, and not the GPU`, async () => {
  const { emulator, clock, call, launch } = await startRunpod();
  emulator.inject({ fault: "instance-stopped", ms: 5_000 });
  const { id } = (await launch()).data;
  clock.pass(3_605_000);
  expect((await call("GET", `/v2/pods/${id}`)).data).toMatchObject({
    status: "EXITED",
    cost: 0,
    runtime: null,
  });
  expect(emulator.bill().entries.map(({ kind, seconds }) => [kind, seconds])).toEqual([
    ["instance", 5],
    ["volume", 3_605],
  ]);
});

test("a pod can be stopped and started by an action, and an action that is not possible is a 409", async () => {
  const { clock, call, launch } = await startRunpod();
  const { id } = (await launch()).data;
  const act = (action: string) => call("POST", `/v2/pods/${id}/action`, { action });
  expect((await act("start")).status).toBe(409);
  expect((await act("stop")).data).toMatchObject({ status: "EXITED" });
  clock.pass(1_000);
  expect((await act("start")).data).toMatchObject({
    status: "RUNNING",
    ssh: { direct: { username: "root" } },
  });
  expect((await act("terminate")).status).toBe(204);
});

test("unknown fields, and both or neither of gpu and cpu, are refused", async () => {
  const { call, emulator } = await startRunpod();
  expect((await call("POST", "/v2/pods", { ...cpuPod, terminateAfter: "2026-01-01" })).status).toBe(422);
  const gpu = { id: "NVIDIA RTX A6000", count: 1 };
  expect((await call("POST", "/v2/pods", { ...cpuPod, gpu })).status).toBe(400);
  expect((await call("POST", "/v2/pods", { ...cpuPod, cpu: undefined })).status).toBe(400);
  expect(emulator.instances()).toEqual([]);
});

test("every fault applies to existing calls only", () => {
  for (const name of faultNames) {
    const { calls } = faults[name];
    if (calls !== "any") expect(callNames).toEqual(expect.arrayContaining([...calls]));
  }
});

function toKey(name: string) {
  return { name, publicKey: "", createdAtMs: 0, isForeign: false, goneAtMs: null };
}

function readData(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
