import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { readPythonProgram } from "../python-program.ts";

/** Replaces torch and Ultralytics, which take seconds to load, with what the tests need of them and a disk that can be full. */
const stand: Readonly<Record<string, string>> = {
  "torch.py": `
import json

def save(obj, f, full=False):
    model = obj["ema"]
    text = json.dumps({**obj, "ema": vars(model.args), "loss": vars(model.loss), "structure": model.yaml})
    if hasattr(f, "write"):
        f.write(text)
        return
    with open(f, "w") as file:
        file.write(text[:10])
        file.flush()
        if full:
            raise OSError(28, "No space left on device")
        file.write(text[10:])
`,
  "ultralytics/__init__.py": "",
  "ultralytics/engine/__init__.py": "",
  "ultralytics/engine/trainer.py": `
import os, signal, time
class BaseTrainer:
    def save_model(self, path, told):
        for number in told:
            os.kill(os.getpid(), number)
        open(path, "w").close()
        time.sleep(0.05)
        with open(path, "w") as file:
            file.write("saved")
`,
  "ultralytics/utils/__init__.py": "",
  "ultralytics/utils/callbacks/__init__.py": "",
  "ultralytics/utils/callbacks/base.py":
    'default_callbacks = {"on_pretrain_routine_start": [], "on_train_start": []}',
};

const program = `
import json, os, pathlib, signal, sys
import unitrain_checkpoints
unitrain_checkpoints.apply()
unitrain_checkpoints.apply()
import torch
from ultralytics.engine.trainer import BaseTrainer
class Arguments:
    def __init__(self, **values):
        self.__dict__.update(values)
class Model:
    pass
model = Model()
model.args = Arguments(data="/machine/data.yaml", epochs=3)
model.loss = model.args
model.yaml = {"yaml_file": "/machine/model/my net.yaml"}
arguments = {"data": "/machine/data.yaml", "epochs": 3, "device": "0,1", "batch": 16}
checkpoint = {"epoch": 1, "train_args": arguments, "model": None}
def whole():
    return {**checkpoint, "ema": model}
`;

const reported = { data: "/me/data.yaml", device: null, save_dir: "/me/out" };

function python(text: string) {
  const folder = createTemporaryFolder();
  for (const [path, content] of Object.entries(stand)) write(join(folder, "modules", path), content);
  write(join(folder, "modules/unitrain_checkpoints.py"), readPythonProgram("checkpoints.py"));
  const [scratch, weights] = [join(folder, "scratch"), join(folder, "weights")];
  for (const each of [scratch, weights]) mkdirSync(each);
  const settings = {
    scratch,
    output: folder,
    reported,
    files: { "/machine/model/my net.yaml": "my net.yaml" },
  };
  const done = spawnSync("python3", ["-c", program + text, weights], {
    encoding: "utf8",
    env: {
      ...process.env,
      PYTHONPATH: join(folder, "modules"),
      UNITRAIN_CHECKPOINTS: JSON.stringify(settings),
    },
  });
  return { ...done, weights, scratch, read: (name: string) => readFileSync(join(weights, name), "utf8") };
}

describe("a checkpoint", () => {
  it("contains the arguments as the user wrote them, while the training keeps its own", () => {
    const { read, status, stderr, stdout } = python(`
torch.save(whole(), sys.argv[1] + "/last.pt")
print(json.dumps([arguments, vars(model.args), model.yaml]))
`);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(read("last.pt"))).toMatchObject({
      train_args: { data: "/me/data.yaml", epochs: 3, device: null, batch: 16 },
      ema: { data: "/me/data.yaml", epochs: 3 },
      loss: { data: "/me/data.yaml", epochs: 3 },
      structure: { yaml_file: "my net.yaml" },
    });
    // Contains only arguments of this version.
    expect(read("last.pt")).not.toContain("save_dir");
    expect(JSON.parse(stdout)).toEqual([
      { data: "/machine/data.yaml", epochs: 3, device: "0,1", batch: 16 },
      { data: "/machine/data.yaml", epochs: 3 },
      { yaml_file: "/machine/model/my net.yaml" },
    ]);
  });

  it("holds nothing about a git repository around the training, whose address may contain a token", () => {
    const { read, status, stderr } = python(`
git = {"root": "/home/me", "branch": "main", "origin": "https://me:Zq81horse@example.com/dotfiles.git"}
torch.save({**whole(), "git": git}, sys.argv[1] + "/last.pt")
assert git["branch"] == "main"
`);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(read("last.pt"))).toMatchObject({ git: { root: null, branch: null, origin: null } });
  });

  it.each([
    ["torch.save", "torch.save(whole(), path, full=True)"],
    ["write_bytes", "pathlib.Path(path).write_bytes(0)"],
  ])("that cannot be written (%s) keeps the previous one, and leaves no other file", (_, save) => {
    const { read, weights, scratch, stderr } = python(`
path = sys.argv[1] + "/last.pt"
pathlib.Path(path).write_bytes(b"the one before")
${save}
`);
    expect(stderr).toMatch(/No space left on device|TypeError/);
    expect(read("last.pt")).toBe("the one before");
    expect([readdirSync(weights), readdirSync(scratch)]).toEqual([["last.pt"], []]);
  });

  it("is completed before a terminated training ends, and is not interrupted by the end of a worker", () => {
    const { read, signal, stderr } = python(`
def worker_ended(number, frame):
    print("worker ended", file=sys.stderr, flush=True)
    raise RuntimeError
signal.signal(signal.SIGCHLD, worker_ended)
BaseTrainer().save_model(sys.argv[1] + "/last.pt", [signal.SIGCHLD, signal.SIGTERM])
`);
    expect(signal).toBe("SIGTERM");
    expect(read("last.pt")).toBe("saved");
    expect(stderr).not.toContain("worker ended");
  });

  it("handles the signal of a worker's end after it was written", () => {
    const { read, stderr } = python(`
def worker_ended(number, frame):
    raise RuntimeError("worker ended")
signal.signal(signal.SIGCHLD, worker_ended)
BaseTrainer().save_model(sys.argv[1] + "/last.pt", [signal.SIGCHLD])
`);
    expect(read("last.pt")).toBe("saved");
    expect(stderr).toContain("RuntimeError: worker ended");
  });
});
