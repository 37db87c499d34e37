import type { CallName, FaultName } from "@unitrain/cloud-emulator/canopywave";
import { expect } from "vitest";
import { type Testbed, testbed } from "./testbed.ts";

/** Everything that releasing reads. */
export const reads: readonly CallName[] = ["projects", "regions", "instances", "instance", "ssh-keys", "ips"];

/** Ways in which an answer says nothing. */
export const wordless: readonly FaultName[] = [
  "server-error",
  "server-error-empty",
  "server-error-html",
  "html-with-200",
  "error-with-200",
  "rate-limited",
  "answer-lost",
];

/** Ways in which an answer does not come; each costs real time. */
export const hanging: readonly FaultName[] = ["no-answer", "dripping-body", "endless-body"];

const endings: readonly string[] = ["terminate", "ip-release", "ssh-key-delete"];

/**
 * Rents, then releases while some reads say nothing for a time. Whatever ends a cost must be among the very first
 * requests, no proof may be untrue, and nothing is left once CanopyWave can be read again.
 */
export async function releaseUnreadable(
  fault: FaultName,
  calls: readonly CallName[],
  forMs: number,
): Promise<void> {
  const where = `${fault} on ${calls.join(", ")} for ${forMs} ms`;
  const bed = await testbed({ timeoutMs: 30 });
  await bed.rent();
  const asked: CallName[] = [];
  const watch = bed.emulator.watch(
    ({ stage, request }) => void (stage === "asked" && asked.push(request.call)),
  );
  bed.emulator.inject({ fault, calls, ...(forMs === Infinity ? { times: forMs } : { forMs }) });
  await releaseOnce(bed, where);
  watch.end();
  expect(asked.slice(0, endings.length).toSorted(), where).toEqual(endings.toSorted());
  expect(bed.ours(), where).toEqual({ instances: 0, addresses: 0, keys: 0 });
  bed.emulator.clearFaults();
  expect(await bed.releaseAll(), where).toEqual([]);
  expect(bed.others(), where).toBe("untouched");
}

/** What is proven is really gone; what is thrown has a code that says whose fault it is. */
async function releaseOnce(bed: Testbed, where: string): Promise<void> {
  const proofs = await bed.provider.release(bed.resources(), bed.context).catch((error: unknown) => {
    expect(error, where).toMatchObject({
      code: "RELEASE_UNCONFIRMED",
      message: expect.stringMatching(/(?:GET|POST|DELETE) \//),
    });
    return [];
  });
  const there = bed.ours();
  const left = { instance: there.instances, address: there.addresses, "ssh-key": there.keys };
  for (const { resource, evidence } of proofs) {
    expect(left[resource.kind as keyof typeof left], where).toBe(0);
    expect(evidence, where).toMatch(/GET/);
  }
}
