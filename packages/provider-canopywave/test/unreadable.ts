import type { CallName, FaultName } from "@unitrain/cloud-emulator/canopywave";
import { expect } from "vitest";
import { createTestbed, type Testbed } from "./testbed.ts";

/** All reads of a release. */
export const reads: readonly CallName[] = ["projects", "regions", "instances", "instance", "ssh-keys", "ips"];

/** Faults that return an unusable response. */
export const wordless: readonly FaultName[] = [
  "server-error",
  "server-error-empty",
  "server-error-html",
  "html-with-200",
  "error-with-200",
  "rate-limited",
  "answer-lost",
];

/** Faults without a complete response; each takes real time. */
export const hanging: readonly FaultName[] = ["no-answer", "dripping-body", "endless-body"];

const endings: readonly string[] = ["terminate", "ip-release", "ssh-key-delete"];

/**
 * Rents, then releases while some reads are unusable for a while. The requests that end costs must be among the first
 * requests, no proof may be false, and nothing remains once CanopyWave can be read again.
 */
export async function releaseUnreadable(
  fault: FaultName,
  calls: readonly CallName[],
  forMs: number,
): Promise<void> {
  const label = `${fault} on ${calls.join(", ")} for ${forMs} ms`;
  const testbed = await createTestbed({ timeoutMs: 30 });
  await testbed.rent();
  const attempted: CallName[] = [];
  const watch = testbed.emulator.watch(
    ({ stage, request }) => void (stage === "asked" && attempted.push(request.call)),
  );
  testbed.emulator.inject({ fault, calls, ...(forMs === Infinity ? { times: forMs } : { forMs }) });
  await releaseOnce(testbed, label);
  watch.end();
  expect(attempted.slice(0, endings.length).toSorted(), label).toEqual(endings.toSorted());
  expect(testbed.ours(), label).toEqual({ instances: 0, addresses: 0, keys: 0 });
  testbed.emulator.clearFaults();
  expect(await testbed.releaseAll(), label).toEqual([]);
  expect(testbed.others(), label).toBe("untouched");
}

/** Asserts that proven resources are really gone, and that errors have a code that names the cause. */
async function releaseOnce(testbed: Testbed, label: string): Promise<void> {
  const proofs = await testbed.provider
    .release(testbed.resources(), testbed.context)
    .catch((error: unknown) => {
      expect(error, label).toMatchObject({
        code: "RELEASE_UNCONFIRMED",
        message: expect.stringMatching(/(?:GET|POST|DELETE) \//),
      });
      return [];
    });
  const ours = testbed.ours();
  const remainingCounts = { instance: ours.instances, address: ours.addresses, "ssh-key": ours.keys };
  for (const { resource, evidence } of proofs) {
    expect(remainingCounts[resource.kind as keyof typeof remainingCounts], label).toBe(0);
    expect(evidence, label).toMatch(/GET/);
  }
}
