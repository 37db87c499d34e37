import { expect, it } from "vitest";
import { settingNamed, settingNames } from "./framework-keys.ts";

it("names the classes of one's own beside the arguments of Ultralytics, for completions", async () => {
  expect(await settingNames()).toEqual(expect.arrayContaining(["epochs", "trainer", "validator"]));
  expect(await settingNamed("trainer")).toBe("trainer");
});
