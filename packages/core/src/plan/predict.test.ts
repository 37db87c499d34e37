import { expect, test } from "vitest";
import { defineFramework, type Framework, type Quote, type Receipt } from "../spec/index.ts";
import { predict } from "./predict.ts";

const quote: Quote = {
  machine: "H100-1 in sequoia",
  priceUsdPerHour: 3.6,
  upfrontUsd: "unknown",
  otherUsdPerHour: "unknown",
  billingTickSeconds: 1,
  gpus: 1,
  available: "yes",
  interruptible: false,
  bootSeconds: { likely: 100, high: 300 },
  reference: null,
};
const framework = defineFramework({
  name: "framework",
  estimate: () => ({ epochs: 10, secondsPerEpoch: { low: 1, likely: 2, high: 4 }, basis: "a guess" }),
} as unknown as Omit<Framework, "specVersion">);
const input = {
  provider: "cloud",
  framework,
  quote,
  job: "train",
  data: { files: 2, bytes: 30e6 },
  receipts: [],
};

function receipt(trainSeconds: number): Receipt {
  const phase = (name: string, seconds: number) => ({ phase: name, startedSeconds: 0, seconds });
  return {
    machine: "H100-1 in KEF-3",
    job: "train",
    epochs: { done: 5 },
    data: { sentBytes: 10e6 },
    lease: { ownership: "rented" },
    phases: [
      phase("lease", 60),
      phase("connect", 20),
      phase("ship", 5),
      phase("environment", 50),
      phase("train", trainSeconds),
      phase("download", 10),
      phase("teardown", 20),
    ],
  } as unknown as Receipt;
}

test("without earlier runs the figures are guesses that say so, and the environment is installed during the upload", () => {
  const prediction = predict(input);
  expect(prediction?.phases.map(({ phase, seconds }) => [phase, seconds.likely])).toEqual([
    ["boot", 100],
    ["upload", 10],
    ["environment", 60],
    ["epochs", 20],
    ["finish", 70],
  ]);
  expect(prediction?.seconds.likely).toBe(100 + 60 + 20 + 70);
  expect(prediction?.costUsd.likely).toBeCloseTo(0.25);
  expect(prediction?.phases[1]?.basis).toMatch(/a guess/);
  expect(prediction?.unknown[0]).toBe("upfront charge unknown; if 24 h are billed at launch: $86.40");
});

test("earlier runs determine boot time, upload speed and the pace of similar runs", () => {
  const prediction = predict({ ...input, receipts: [receipt(50), receipt(100), receipt(75)] });
  const basis = Object.fromEntries(prediction?.phases.map((estimate) => [estimate.phase, estimate]) ?? []);
  expect(basis.boot).toMatchObject({ seconds: { likely: 80 }, basis: "3 boots seen from here" });
  expect(basis.upload).toMatchObject({
    seconds: { likely: 15 },
    basis: "30 MB at 16 Mbit/s, as in 3 uploads before",
  });
  expect(basis.epochs).toMatchObject({
    seconds: { low: 100, likely: 150, high: 200 },
    basis: "10 x 15 s, as in 3 runs like this one",
  });
  expect(basis.finish?.seconds.likely).toBe(30);
});

test("an upload speed that the user names takes precedence over earlier runs", () => {
  const prediction = predict({ ...input, uplinkMbps: 80, receipts: [receipt(50)] });
  expect(prediction?.phases[1]).toMatchObject({
    basis: "30 MB at 80 Mbit/s, as you said",
    seconds: { low: 3 },
  });
});

test("there is no prediction if the framework cannot estimate its training", () => {
  expect(predict({ ...input, framework: { ...framework, estimate: () => undefined } })).toBeUndefined();
});
