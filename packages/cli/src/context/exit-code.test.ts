import type { ErrorCode, Receipt } from "@unitrain/core";
import { describe, expect, it } from "vitest";
import { exampleReceipt } from "../../test/event-script.ts";
import { getExitCode } from "./exit-code.ts";

const expected: Record<ErrorCode, number> = {
  INVALID_OPTIONS: 2,
  INVALID_DATASET: 2,
  INVALID_ADAPTER: 2,
  TRANSPORT_MISMATCH: 2,
  UNSUPPORTED_PLATFORM: 1,
  DATA_CHANGED: 2,
  OUTPUT_UNUSABLE: 2,
  SECRET_MISSING: 2,
  NOT_AVAILABLE: 1,
  PROVIDER_ACCESS: 1,
  PAYMENT_REQUIRED: 1,
  QUOTA_EXCEEDED: 1,
  OUT_OF_STOCK: 1,
  NO_NETWORK: 1,
  PROVIDER_UNAVAILABLE: 1,
  BUDGET_TOO_SMALL: 2,
  RUN_NOT_FOUND: 2,
  STATE_UNREADABLE: 1,
  STATE_UNSAFE: 2,
  RUN_BUSY: 1,
  LEDGER_UNWRITABLE: 1,
  LOCAL_DISK: 1,
  LEASE_FAILED: 1,
  MACHINE_GONE: 1,
  NOT_READY: 1,
  CONNECTION_LOST: 1,
  REMOTE_COMMAND: 1,
  HOST_KEY_CHANGED: 1,
  HOST_KEY_UNKNOWN: 1,
  LOGIN_REFUSED: 1,
  LOGIN_NEEDS_PERSON: 1,
  UNUSABLE_GATEWAY: 1,
  DOES_NOT_FIT: 1,
  REMOTE_DISK: 1,
  SHIP_FAILED: 1,
  UNSAFE_PATH: 1,
  ENVIRONMENT_FAILED: 1,
  JOB_NOT_STARTED: 1,
  JOB_LOST: 1,
  TRAINING_FAILED: 3,
  ARTIFACT_NOT_FOUND: 1,
  ARTIFACT_DAMAGED: 1,
  FETCH_FAILED: 1,
  HOOK_FAILED: 1,
  ADAPTER_FAILED: 1,
  RELEASE_UNCONFIRMED: 4,
  TIMED_OUT: 1,
  CANCELLED: 130,
  INTERNAL: 1,
};

const unconfirmed: Receipt = {
  ...exampleReceipt,
  lease: { ...exampleReceipt.lease, ownership: "rented", release: "release-unconfirmed" },
};

describe("the exit code", () => {
  it.each(Object.entries(expected))("of %s is %i", (code, exitCode) => {
    expect(getExitCode({ error: { code: code as ErrorCode } })).toBe(exitCode);
  });

  it.each([
    ["completed", 0],
    ["stopped", 0],
    ["training-failed", 3],
    ["failed", 1],
  ] as const)("of a run that is %s is %i", (outcome, exitCode) => {
    expect(getExitCode({ receipt: { ...exampleReceipt, outcome } })).toBe(exitCode);
  });

  it("is 4 if a machine may still cost money, whatever else happened", () => {
    expect(getExitCode({ receipt: unconfirmed })).toBe(4);
    expect(getExitCode({ receipt: unconfirmed, error: { code: "TRAINING_FAILED" } })).toBe(4);
    expect(getExitCode({ receipt: unconfirmed, wasInterrupted: true })).toBe(4);
  });

  it("is 130 after an interruption, unless everything was done by then", () => {
    expect(getExitCode({ wasInterrupted: true })).toBe(130);
    expect(getExitCode({ wasInterrupted: true, receipt: { ...exampleReceipt, outcome: "stopped" } })).toBe(
      130,
    );
    expect(getExitCode({ wasInterrupted: true, error: { code: "INTERNAL" } })).toBe(130);
    expect(getExitCode({ wasInterrupted: true, receipt: exampleReceipt })).toBe(0);
  });

  it("is 0 if nothing went wrong", () => {
    expect(getExitCode({})).toBe(0);
  });
});
