import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createTemporaryFolder, write } from "../../test/drawn-set.ts";
import { checkOptions, type YoloOptions } from "./options.ts";
import { listPickleGlobals } from "./pickle-globals.ts";
import { listWeightsToShip } from "./weights.ts";

/** Pickled by Python itself, once per protocol, with texts that only look like names. */
const program = `
import base64, collections, json, pickle, sys, types
def pickled(module, protocol):
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        sys.modules.setdefault(".".join(parts[:count]), types.ModuleType(".".join(parts[:count])))
    own = type("OwnBlock", (), {"__module__": module})
    setattr(sys.modules[module], "OwnBlock", own)
    model = {"model": [own(), own(), own], "rest": [collections.OrderedDict(a=1.5, b=2**70), b"x" * 300, "c not.a\\nname\\n", {1, 2}, -1]}
    return base64.b64encode(pickle.dumps(model, protocol)).decode()
print(json.dumps({module: [pickled(module, protocol) for protocol in range(6)] for module in ("nets.blocks", "__main__", "models.yolo")}))
`;

let pickles: Readonly<Record<string, readonly string[]>>;
beforeAll(() => {
  pickles = JSON.parse(spawnSync("python3", ["-c", program], { encoding: "utf8" }).stdout);
});

const pickle = (module: string, protocol: number) => Buffer.from(pickles[module]?.[protocol] ?? "", "base64");

function shipped(module: string, more: YoloOptions = {}) {
  const model = join(createTemporaryFolder(), "mine.pt");
  const torch = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as file:
    for name, content in (("data.pkl", sys.stdin.buffer.read()), ("data/0", b"0"), ("version", b"3")):
        file.writestr("mine/" + name, content)`;
  spawnSync("python3", ["-c", torch, model], { input: pickle(module, 2) });
  return listWeightsToShip(checkOptions({ model, ...more }));
}

describe("the class names in a pickle", () => {
  it.each([0, 1, 2, 3, 4, 5])("are read without loading it (protocol %i)", (protocol) => {
    const found = listPickleGlobals(pickle("nets.blocks", protocol)).filter(
      ({ module }) => module === "nets.blocks",
    );
    expect(found).toEqual([{ module: "nets.blocks", name: "OwnBlock" }]);
    const modules = listPickleGlobals(pickle("nets.blocks", protocol)).map(({ module }) => module);
    expect(modules).toContain("collections");
    expect(modules).not.toContain("not.a");
  });

  it("are not read from a truncated pickle", () => {
    const complete = pickle("nets.blocks", 4);
    for (let length = 0; length < complete.length; length += 7)
      expect(() => listPickleGlobals(complete.subarray(0, length))).toThrow();
  });
});

describe("a model with the user's own classes", () => {
  it("is refused without the code that defines them", async () => {
    await expect(shipped("nets.blocks")).rejects.toMatchObject({
      code: "INVALID_OPTIONS",
      message: expect.stringMatching(/needs the class OwnBlock of the Python module nets\.blocks/),
      hint: expect.stringContaining("--code ./folder"),
    });
    await expect(shipped("__main__")).rejects.toThrow("the script that saved it");
    await expect(shipped("models.yolo")).rejects.toThrow("YOLOv5");
  });

  it("is accepted with that code, and with packages, which may contain any class", async () => {
    const code = createTemporaryFolder();
    await expect(shipped("nets.blocks", { code })).rejects.toThrow(`which is not in ${code}`);
    write(join(code, "nets/blocks.py"), "class OwnBlock: pass\n");
    expect(await shipped("nets.blocks", { code })).toHaveLength(1);
    expect(await shipped("nets.blocks", { pip: ["nets"] })).toHaveLength(1);
  });
});
