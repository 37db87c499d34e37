import { fileURLToPath } from "node:url";
import { describe, expect, expectTypeOf, it } from "vitest";
import { generateSettings } from "../../test/generated-settings.ts";
import type { OwnConfig } from "./generated/config.ts";
import { type InferredConfig, table } from "./table/table.ts";

describe("src/settings/generated", () => {
  it.each(Object.entries(generateSettings(table)))(
    "%s is what the table says (vitest -u writes it)",
    async (file, text) => {
      const path = fileURLToPath(new URL(`generated/${file}`, import.meta.url));
      await expect(text).toMatchFileSnapshot(path);
    },
  );

  it("has the types that zod checks", () => {
    expectTypeOf<OwnConfig>().toEqualTypeOf<InferredConfig>();
  });
});
