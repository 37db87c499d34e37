import { memoryCloud, memoryProvider, providerSuite, virtualClock } from "@unitrain/conformance";
import { local } from "@unitrain/provider-local";
import { sshMachine } from "@unitrain/provider-ssh";
import { describe, it } from "vitest";
import { createCanopywaveSubject } from "./canopywave-subject.ts";
import { createLambdaSubject } from "./lambda-subject.ts";
import { createRunpodSubject } from "./runpod-subject.ts";

// The API of CanopyWave has no pages, and a machine cannot end its own lease.
providerSuite({
  describe,
  it,
  name: "canopywave",
  lacks: ["many-others", "self-release"],
  start: createCanopywaveSubject,
});

// The API of RunPod has no pages, and a machine cannot end its own lease.
providerSuite({
  describe,
  it,
  name: "runpod",
  lacks: ["many-others", "self-release"],
  start: createRunpodSubject,
});

// The API of Lambda has no pages either.
providerSuite({
  describe,
  it,
  name: "lambda",
  lacks: ["many-others", "self-release"],
  start: createLambdaSubject,
});

const lacksOfBorrowedMachines = [
  "rental",
  "list",

  "self-release",
  "secrets",
  "silence",
  "hostile-text",
] as const;

providerSuite({
  describe,
  it,
  name: "local",
  lacks: lacksOfBorrowedMachines,
  start: () => ({ provider: local(), listExisting: () => [] }),
});

providerSuite({
  describe,
  it,
  name: "ssh",
  lacks: lacksOfBorrowedMachines,
  start: () => ({ provider: sshMachine("trainer@gpu-box:2222"), listExisting: () => [] }),
});

// Its faults concern whole calls, because there are no requests behind them.
providerSuite({
  describe,
  it,
  name: "memory",
  lacks: [
    "self-release",
    "secrets",
    "created-twice",
    "ignored-delete",
    "missing-once",
    "unknown-status",
    "rate-limit",
    "out-of-stock",
    "price-raised",
    "silence",
    "unauthorized",
    "many-others",
    "hostile-text",
  ],
  start() {
    const clock = virtualClock();
    const cloud = memoryCloud(clock);
    return {
      provider: memoryProvider(cloud),
      recreate: () => memoryProvider(cloud),
      clock,
      listExisting: () => cloud.alive().map((billed) => ({ ...billed, isFree: billed.kind === "ssh-key" })),
      faults: {
        "lost-answer": (kind) => cloud.faults.on(`provider.${kind}`, "lost-answer"),
        "machine-lost": () => cloud.loseMachine(),
        outage() {
          for (const call of ["getMachineState", "release"])
            cloud.faults.on(`provider.${call}`, "throws", 100);
        },
      },
    };
  },
});
