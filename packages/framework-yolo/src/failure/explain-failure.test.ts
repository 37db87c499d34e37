import type { FailedTraining } from "@unitrain/core/spec";
import { describe, expect, it } from "vitest";
import { createFacts, createJobInput } from "../../test/machine.ts";
import { explainFailure } from "./explain-failure.ts";

const facts = createFacts(0, { sharedMemoryBytes: 64e6, ramBytes: 16e9 });
const explained = (output: string, more: Partial<FailedTraining> = {}) =>
  explainFailure({ exitCode: 1, output, job: createJobInput(facts), facts, ...more });
const withFree = (freeBytes: number) => ({ facts: { ...facts, mounts: [{ path: "/", freeBytes }] } });
const reportLine = (report: object) => `unitrain: the training failed: ${JSON.stringify(report)}\n`;

describe("explaining a failed training", () => {
  it.each([
    ["OSError: [Errno 28] No space left on device: 'last.pt'", "disk is full"],
    [
      "RuntimeError: [enforce fail at inline_container.cc:668] . unexpected pos 5248 vs 5142\nRuntimeError: PytorchStreamWriter failed writing file data/5: file write failed",
      "disk is full",
    ],
    ["OSError: [Errno 122] Disk quota exceeded", "disk is full"],
    [
      "RuntimeError: DataLoader worker (pid 71) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.",
      "/dev/shm on the machine (64 MB) is too small",
    ],
    [
      "RuntimeError: unable to write to file </torch_71_123_0>: No space left on device (28)",
      "/dev/shm on the machine (64 MB) is too small",
    ],
    ["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", "the GPU ran out of memory"],
    ["RuntimeError: CUDA error: out of memory", "the GPU ran out of memory"],
    ["MemoryError", "the machine ran out of memory (it has 16 GB)"],
    [
      "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 3.00 GiB for an array",
      "ran out of memory",
    ],
    [
      "RuntimeError: [enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory",
      "ran out of memory",
    ],
    ["RuntimeError: DataLoader worker (pid 8) is killed by signal: Killed.", "ran out of memory"],
    [
      "ImportError: libtorch_cpu.so: failed to map segment from shared object: Cannot allocate memory",
      "ran out of memory",
    ],
    ["ModuleNotFoundError: No module named 'nets'", "the Python module nets is not on the machine"],
    [
      "AttributeError: Can't get attribute 'OwnBlock' on <module '__main__' (built-in)>",
      "needs the class OwnBlock of the module __main__",
    ],
  ])("recognizes the last lines: %s", (text, message) => {
    const found = explained(`  1/3  0G  45% ━━ 1/2\nTraceback (most recent call last):\n${text}\n`);
    expect(found?.message).toContain(message);
    expect(found?.hint).not.toMatch(/environment/i);
  });

  it("names a disk that is full now, whatever the output says", () => {
    expect(explained("", withFree(1e6))?.message).toBe("the machine's disk is full (1 MB are free)");
    expect(explained("", withFree(50e9))).toBeUndefined();
    expect(explained(reportLine({ freeDiskBytes: 0 }), { facts: undefined })?.message).toContain(
      "disk is full",
    );
  });

  it("names memory for a killed training, as certain as the evidence allows", () => {
    expect(explained("", { exitCode: 137 })?.message).toContain("killed (signal 9), as the kernel does");
    expect(explained(reportLine({ signal: 9, outOfMemoryKills: 1 }), { exitCode: 137 })?.message).toBe(
      "the machine ran out of memory (it has 16 GB)",
    );
    expect(explained(`MemoryError\n${reportLine({ addressSpaceBytes: 4e9 })}`)).toMatchObject({
      message: expect.stringContaining("4 GB of address space (ulimit -v)"),
      hint: expect.stringContaining("ulimit -v unlimited"),
    });
  });

  it("names a small /dev/shm when the training died of a bus error", () => {
    expect(explained("", { exitCode: 135 })?.message).toContain("/dev/shm");
  });

  it("explains neither unknown errors nor errors that the training survived long before", () => {
    expect(explained("ValueError: nonsense\n")).toBeUndefined();
    expect(
      explained(`CUDA out of memory\n${"an epoch\n".repeat(200)}ValueError: nonsense\n`),
    ).toBeUndefined();
  });
});
