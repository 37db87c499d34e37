import { expect, it } from "vitest";
import { nextCommands, shellWord } from "./next-commands.ts";

it("goes on with the model, its own data and some of its images", () => {
  const dataset = { path: "/me/shapes/data.yaml", samples: "/me/shapes/val images" };
  expect(nextCommands("detect", { model: "/me/it's mine/best.pt", dataset })).toEqual([
    "yolo detect val 'model=/me/it'\\''s mine/best.pt' data=/me/shapes/data.yaml",
    "yolo detect predict 'model=/me/it'\\''s mine/best.pt' 'source=/me/shapes/val images'",
  ]);
  expect(nextCommands("detect", { model: "/best.pt" })).toEqual([]);
});

it("quotes as the shells of the system do", () => {
  expect(shellWord("C:\\me\\best.pt", "win32")).toBe("C:\\me\\best.pt");
  expect(shellWord("C:\\it's $mine\\best.pt", "win32")).toBe("'C:\\it''s $mine\\best.pt'");
  expect(shellWord("/me/$mine", "linux")).toBe("'/me/$mine'");
});
