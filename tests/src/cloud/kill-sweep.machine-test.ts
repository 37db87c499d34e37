import { expect, test } from "vitest";
import { canopyWaveCloud, lambdaCloud, runPodCloud } from "./clouds.ts";
import { sweepDeaths } from "./kill-sweep.ts";

// The least number of places that a run has, so that no kill goes untried unnoticed.
test.for([
  ["CanopyWave", canopyWaveCloud(), { requests: 41, ledgerWrites: 21 }],
  ["Lambda", lambdaCloud, { requests: 24, ledgerWrites: 21 }],
  ["RunPod", runPodCloud, { requests: 24, ledgerWrites: 21 }],
] as const)(
  "gc releases everything after a client is killed with -9 before or after any request or ledger write of a run on %s",
  {
    timeout: 120_000,
  },
  async ([, cloud, atLeast]) => {
    const { requests, ledgerWrites } = await sweepDeaths(cloud);
    expect(requests).toBeGreaterThanOrEqual(atLeast.requests);
    expect(ledgerWrites).toBeGreaterThanOrEqual(atLeast.ledgerWrites);
  },
);
