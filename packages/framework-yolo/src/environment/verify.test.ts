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

/** A torch of the test's own: two GPUs, of which each may say something else when it computes. */
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

/** Runs the probe of an environment on such a machine. */
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

describe("before a training", () => {
  it("every GPU must compute", async () => {
    const done = await probe({});
    expect(done.exitCode, done.stdout + done.stderr).toBe(0);
    expect(done.seen).toBe("01");
    expect(JSON.parse(done.stdout)).toMatchObject({ torch: "2.10.0+cu128", devices: 2, torchCuda: "12.8" });
  });

  it("only those that were asked for, when some were", async () => {
    expect(await probe({ "0": "broken" }, { device: 1 })).toMatchObject({ exitCode: 0, seen: "1" });
  });

  it("one that does not is named", async () => {
    const done = await probe({ "1": "CUDA error: unspecified launch failure" });
    expect(done.exitCode).toBe(3);
    expect(done.message).toContain("cannot compute on GPU 1: CUDA error: unspecified launch failure");
  });

  it("error 802 is waited for, and named when it stays", async () => {
    const done = await probe({ none: "Error 802: system not yet initialized" });
    expect(done.exitCode).toBe(3);
    expect(done.message).toContain("error 802: NVSwitch");
  });

  it("nobody waits for what waiting does not fix", async () => {
    const kernels = await probe({
      "0": "CUDA error: no kernel image is available for execution on the device",
    });
    expect(kernels).toMatchObject({ exitCode: 1, message: expect.stringContaining("has no kernels") });
    const driver = await probe({ none: "The NVIDIA driver on your system is too old (found version 11040)" });
    expect(driver).toMatchObject({ exitCode: 1, message: expect.stringContaining("driver") });
  });

  it("a machine whose GPU torch does not see is an error, and no slow training", async () => {
    const done = await probe({ none: "No CUDA GPUs are available" });
    expect(done.exitCode).toBe(3);
    expect(done.message).toContain("GPU cannot be used");
  });
});

describe("a GPU that is not ready yet", () => {
  /** A Python that answers so from its third look on. */
  function pythonThatSays(exitCode: number) {
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

  it("is looked at again until it is, or is known not to become so", async () => {
    for (const exitCode of [0, 1]) {
      const { argv, PATH, polls } = pythonThatSays(exitCode);
      // Without the pauses between the looks.
      const quick = argv.map((word) => word.replace("sleep 5", ":"));
      expect((await machine.run(quick, { PATH })).exitCode).toBe(exitCode);
      expect(polls()).toBe(3);
    }
  });

  it("is given up at last", async () => {
    const { argv, PATH, polls } = pythonThatSays(0);
    expect(argv.at(-1)).toBe("180");
    expect((await machine.run([...argv.slice(0, -1), "0"], { PATH })).exitCode).toBe(3);
    expect(polls()).toBe(1);
  });
});
