import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { write } from "../../test/drawn-set.ts";
import { checkOptions, type YoloOptions } from "../options/options.ts";
import { readPythonProgram } from "../python-program.ts";
import { collectOwnCode } from "./own-code.ts";

const folder = mkdtempSync(join(tmpdir(), "unitrain-own-code-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const code = join(folder, "src");
write(
  join(code, "mypkg/__init__.py"),
  "from .training import (\n    OwnTrainer,\n    Other as Renamed,\n)\n",
);
write(
  join(code, "mypkg/training.py"),
  '"""\nclass InText:\n"""\n# class InComment:\nclass OwnTrainer(object):\n    pass\n\ndef make():\n    pass\n',
);
write(
  join(code, "mypkg/late.py"),
  "try:\n    class Within: pass\nexcept ImportError:\n    pass\nAlias = Within\n",
);
write(join(code, "ignored.py"), "class Hidden: pass\n");
write(join(code, ".gitignore"), "ignored.py\n");

const collectCode = (options: YoloOptions) =>
  collectOwnCode(checkOptions(options), new AbortController().signal);
const describeRefusal = (options: YoloOptions) => {
  try {
    collectCode(options);
  } catch (error) {
    const { code: name, message, hint } = error as { code: string; message: string; hint: string };
    expect(name).toBe("INVALID_OPTIONS");
    return `${message} ${hint}`;
  }
  return undefined;
};

describe("your own trainer or validator", () => {
  it.each([
    "mypkg.training.OwnTrainer",
    "mypkg.OwnTrainer",
    "mypkg.Renamed",
    "mypkg.late.Within",
    "mypkg.late.Alias",
    "ultralytics.models.yolo.detect.DetectionTrainer",
  ])("accepts %s after reading the code", (trainer) => {
    expect(describeRefusal({ code, trainer })).toBeUndefined();
    expect(describeRefusal({ code, validator: trainer })).toBeUndefined();
  });

  it.each([
    ["OwnTrainer", "Did you mean trainer=mypkg.training.OwnTrainer?"],
    ["mypkg.training.OwnTrainr", "has no class OwnTrainr. Did you mean mypkg.training.OwnTrainer?"],
    ["mypkg.trainings.OwnTrainer", "no module mypkg.trainings in"],
    ["mypkg.training.make", "make is a function, but must be a class"],
    ["mypkg.training.InText", "has no class InText"],
    ["mypkg.training.InComment", "has no class InComment"],
    ["ignored.Hidden", "since git ignores it"],
    ["./mypkg/training.py", "without slashes and .py"],
    ["mypkg/training.OwnTrainer", "as Python imports it"],
  ])("refuses %s: %s", (trainer, message) => {
    expect(describeRefusal({ code, trainer })).toContain(message);
  });

  it("is refused without a folder of code", () => {
    expect(describeRefusal({ trainer: "mypkg.OwnTrainer" })).toMatch(/no folder of code is named.*--code/);
    expect(describeRefusal({ validator: "mypkg.V" })).toContain("validator=mypkg.V is your own code");
  });

  it("is not checked when it may belong to an installed package", () => {
    expect(describeRefusal({ pip: ["trainers"], trainer: "trainers.Fast" })).toBeUndefined();
    expect(describeRefusal({ code, pip: ["trainers"], trainer: "trainers.fast.Fast" })).toBeUndefined();
    expect(describeRefusal({ code, pip: ["trainers"], trainer: "mypkg.nothing.Fast" })).toContain(
      "no module",
    );
  });
});

describe("your own callbacks", () => {
  const callbacks = (text: string) => write(join(folder, "my callbacks.py"), text);

  it("are shipped in the code folder, also without other code", () => {
    const file = callbacks("def on_train_start(trainer): pass\ndef helper(): pass\n");
    expect(collectCode({ callbacks: file })?.entries).toMatchObject([
      { path: "code/unitrain_callbacks.py", from: { file } },
    ]);
    expect(collectCode({ code, callbacks: file })?.entries.map(({ path }) => path)).toContain(
      "code/mypkg/training.py",
    );
  });

  it.each([
    ["def on_train_strat(t): pass", "no callback on_train_strat. Did you mean on_train_start?"],
    ["def on_whatever_else_happens(t): pass", "Its callbacks are: on_pretrain_routine_start"],
    ["def on_predict_end(p): pass", "does not call on_predict_end in a training"],
    ["def optimizer_step(t): pass", "does not call optimizer_step in a training"],
    ["def tear_down(t): pass", "Did you mean teardown?"],
    ["def build_augmentation(): pass", "Did you mean build_augmentations?"],
    ["def helper(): pass", "defines no callback"],
    ['"""\ndef on_train_start(t): pass\n"""', "defines no callback"],
    ["def build_augmentations(): pass", "--pip albumentations"],
  ])("refuses %j: %s", (text, message) => {
    expect(describeRefusal({ callbacks: callbacks(text) })).toContain(message);
  });

  it("refuses augmentations for an Ultralytics that does not support them", () => {
    const file = callbacks("def build_augmentations(): pass");
    const pip = ["albumentations==2.0.8"];
    expect(describeRefusal({ callbacks: file, pip })).toBeUndefined();
    expect(describeRefusal({ callbacks: file, pip, version: "8.3.100" })).toContain(
      "8.4.0 or newer, not 8.3.100",
    );
  });

  it("refuses augmentations for classification, which Ultralytics augments in another way", () => {
    const file = callbacks("def build_augmentations(): pass");
    const options = { callbacks: file, pip: ["albumentations"], model: "yolo11n-cls.pt" };
    expect(describeRefusal(options)).toContain("does not use build_augmentations for classification");
  });

  it("refuses a missing file and a file that is not Python", () => {
    expect(describeRefusal({ callbacks: join(folder, "none.py") })).toContain("is not a file");
    expect(describeRefusal({ callbacks: "callbacks.yaml" })).toContain("must name a file of Python code");
  });
});

describe("the warning about unused code", () => {
  beforeAll(() => void write(join(code, "mypkg/__init__.py"), ""));
  const program = `${readPythonProgram("own_code.py")}
watch()
report_unused_at_exit()
sys.path.insert(0, SETTINGS["code"])
exec(os.environ["TRAINING"])
`;
  const warningsFor = (training: string) => {
    const settings = {
      code,
      trainer: null,
      validator: null,
      callbacks: false,
      used: join(mkdtempSync(join(folder, "u")), "used"),
    };
    return execFileSync("python3", ["-c", program], {
      encoding: "utf8",
      env: {
        ...process.env,
        UNITRAIN_CODE: JSON.stringify(settings),
        TRAINING: training,
        PYTHONDONTWRITEBYTECODE: "1",
      },
    });
  };

  it("names the modules when none of the code was imported", () => {
    expect(warningsFor("pass")).toMatch(
      /^unitrain: none of your code was imported \(ignored\.py, mypkg.*--callbacks/,
    );
  });

  it("counts modules imported by a data loader's process and files that were read as used", () => {
    const fork = "if os.fork() == 0:\n    import mypkg.late\n    os._exit(0)\nos.wait()\n";
    expect(warningsFor(`${fork}open(SETTINGS["code"] + "/ignored.py").read()`)).toBe(
      "unitrain: 1 of 3 Python files of your code were never imported: mypkg/training.py\n",
    );
  });

  it("is not printed when all of the code was used", () => {
    expect(warningsFor("import mypkg.late, mypkg.training, ignored")).toBe("");
  });
});
