import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createBareMachines, createEnvironmentIn } from "../../test/bare-machine.ts";
import { write } from "../../test/drawn-set.ts";
import { createFacts } from "../../test/machine.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { createEnvironment } from "./environment.ts";
import { explainEnvironmentFailure } from "./explain-failure.ts";

const machine = createBareMachines();

/** A fake torch with two GPUs, each of which can fail with a message when it computes. */
const torch = `
import json, os
__version__ = "2.10.0+cu128"
faults = json.loads(os.environ["FAULTS"])
class version:
    cuda = "12.8"
class cuda:
    is_available = staticmethod(lambda: "none" not in faults)
    device_count = staticmethod(lambda: 0 if "none" in faults else 2)
    get_device_name = staticmethod(lambda index: "GPU")
    synchronize = staticmethod(lambda index: None)
    @staticmethod
    def init():
        raise RuntimeError(faults["none"])
class Result:
    sum = backward = lambda self: self
class Convolution:
    def to(self, index):
        self.index = index
        with open(os.environ["SEEN"], "a") as seen:
            seen.write(str(index))
        return self
    def __call__(self, data):
        if str(self.index) in faults:
            raise RuntimeError(faults[str(self.index)])
        return Result()
class nn:
    Conv2d = lambda *sizes: Convolution()
randn = lambda *sizes, device: None
`;

/** Runs the probe of an environment with the fake torch. */
async function probe(faults: Readonly<Record<string, string>>, options: YoloOptions = {}) {
  const modules = machine.emptyFolder();
  write(join(modules, "torch.py"), torch);
  write(join(modules, "torchvision.py"), '__version__ = "0.25.0"\n');
  write(join(modules, "ultralytics.py"), '__version__ = "8.4.190"\nYOLO = True\n');
  const [, , , , , program = "", expected = ""] = createEnvironment(checkOptions(options), createFacts(2))
    .verify.argv;
  const seen = write(join(modules, "seen"), "");
  const env = { PYTHONPATH: modules, FAULTS: JSON.stringify(faults), SEEN: seen };
  const done = await machine.run([machine.python, "-c", program, expected], env);
  return {
    ...done,
    seen: readFileSync(seen, "utf8"),
    message: explainEnvironmentFailure(done.stdout)?.message,
  };
}

describe("the check of GPUs before a training", () => {
  it("computes on every GPU", async () => {
    const done = await probe({});
    expect(done.exitCode, done.stdout + done.stderr).toBe(0);
    expect(done.seen).toBe("01");
    expect(JSON.parse(done.stdout)).toMatchObject({ torch: "2.10.0+cu128", devices: 2, torchCuda: "12.8" });
  });

  it("computes only on the requested GPUs", async () => {
    expect(await probe({ "0": "broken" }, { device: 1 })).toMatchObject({ exitCode: 0, seen: "1" });
  });

  it("names a GPU that cannot compute", async () => {
    const done = await probe({ "1": "CUDA error: unspecified launch failure" });
    expect(done.exitCode).toBe(3);
    expect(done.message).toContain("cannot compute on GPU 1: CUDA error: unspecified launch failure");
  });

  it("waits while error 802 persists, and then explains it", async () => {
    const done = await probe({ none: "Error 802: system not yet initialized" });
    expect(done.exitCode).toBe(3);
    expect(done.message).toContain("error 802: NVSwitch");
  });

  it("does not wait for errors that waiting cannot fix", async () => {
    const kernels = await probe({
      "0": "CUDA error: no kernel image is available for execution on the device",
    });
    expect(kernels).toMatchObject({ exitCode: 1, message: expect.stringContaining("has no kernels") });
    const driver = await probe({ none: "The NVIDIA driver on your system is too old (found version 11040)" });
    expect(driver).toMatchObject({ exitCode: 1, message: expect.stringContaining("driver") });
  });

  it("fails when torch does not see the GPU, instead of training slowly", async () => {
    const done = await probe({ none: "No CUDA GPUs are available" });
    expect(done.exitCode).toBe(3);
    expect(done.message).toContain("GPU cannot be used");
  });
});

describe("a GPU that is not ready yet", () => {
  /** A Python that exits with this code from its third call on. */
  function createDelayedPython(exitCode: number) {
    const environment = createEnvironmentIn(machine.emptyFolder());
    const polls = join(machine.emptyFolder(), "looks");
    const bin = join(environment.folder, "bin");
    write(join(bin, "python"), "");
    machine.program(
      bin,
      "python",
      `echo look >>"${polls}"; [ "$(grep -c . "${polls}")" -ge 3 ] || exit 3; exit ${exitCode}`,
    );
    const PATH = machine.path({ grep: "/bin/grep" });
    return {
      argv: environment.verify.argv,
      PATH,
      polls: () => readFileSync(polls, "utf8").split("\n").length - 1,
    };
  }

  it("is checked again until it is ready or fails for good", async () => {
    for (const exitCode of [0, 1]) {
      const { argv, PATH, polls } = createDelayedPython(exitCode);
      // Skips the pauses between the attempts.
      const quick = argv.map((word) => word.replace("sleep 5", ":"));
      expect((await machine.run(quick, { PATH })).exitCode).toBe(exitCode);
      expect(polls()).toBe(3);
    }
  });

  it("causes a failure after the deadline", async () => {
    const { argv, PATH, polls } = createDelayedPython(0);
    expect(argv.at(-1)).toBe("180");
    expect((await machine.run([...argv.slice(0, -1), "0"], { PATH })).exitCode).toBe(3);
    expect(polls()).toBe(1);
  });
});
