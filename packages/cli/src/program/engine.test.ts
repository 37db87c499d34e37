import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { scratchFolders } from "../../test/scratch.ts";
import { createAdapterFinder } from "../machines/find-adapters.ts";
import { createEngine } from "./engine.ts";

const scratch = scratchFolders();

const providerText = `const make = (options) => ({
  specVersion: "v1", name: "desk", connectionKind: "ssh", ownership: "borrowed", userOptions: options,
  quote: async () => ({}), listPlannedResources: () => [], lease: async () => {}, getMachineState: async () => ({}), release: async () => [],
});
`;

function engineIn(files: Readonly<Record<string, string>> = {}) {
  const folder = scratch();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const env = { HOME: folder, UNITRAIN_HOME: join(folder, "state") };
  return { folder, engine: createEngine(env, folder), adapters: createAdapterFinder({ env, folder }) };
}

describe("the engine", () => {
  it("reaches a machine of yours by SSH, and this computer by what its provider brings", async () => {
    const { adapters } = engineIn();
    const byAddress = await adapters({ on: "ssh://me@box:2222" });
    expect([
      byAddress.provider.name,
      byAddress.provider.connectionKind,
      byAddress.transport?.supports,
    ]).toEqual(["ssh", "ssh", ["ssh"]]);
    const localAdapters = await adapters({ on: "local" });
    expect([localAdapters.provider.name, localAdapters.transport]).toEqual(["local", undefined]);
  });

  it("rents from CanopyWave, in the region that is named", async () => {
    const { adapters } = engineIn();
    const { provider, transport } = await adapters({ on: "canopywave/KEF-3" });
    expect([provider.name, provider.ownership, transport?.supports]).toEqual([
      "canopywave",
      "rented",
      ["ssh"],
    ]);
    expect(provider.recipe?.options).toMatchObject({ region: "KEF-3" });
  });

  it.each([
    ["its default export", "default", `${providerText}export default make;\n`],
    ["provider", "provider", `${providerText}export const provider = make;\n`],
  ])(
    "takes a provider of somebody else by %s, made of {}, so that it can be made again",
    async (_what, exportName, text) => {
      const { adapters, folder } = engineIn({ "provider.mjs": text });
      const { provider, transport } = await adapters({ on: "./provider.mjs" });
      const module = pathToFileURL(join(folder, "provider.mjs")).href;
      expect(provider).toMatchObject({
        name: "desk",
        userOptions: {},
        recipe: { module, exportName, options: {}, secrets: [] },
      });
      expect(transport?.name).toBe("ssh");
    },
  );

  it.each([
    ["export default 5;\n", "cannot be used: "],
    ["export const x = 1;\n", "cannot be used: "],
    ["throw new Error('no licence');\n", "cannot be loaded: no licence"],
  ])("says what is wrong with one: %j", async (text, message) => {
    const { adapters } = engineIn({ "provider.mjs": text });
    await expect(adapters({ on: "./provider.mjs" })).rejects.toThrow(
      expect.objectContaining({ code: "INVALID_ADAPTER", message: expect.stringContaining(message) }),
    );
  });
});
