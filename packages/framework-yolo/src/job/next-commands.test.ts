import { expect, it } from "vitest";
import { quoteWord, suggestNextCommands } from "./next-commands.ts";

it("suggests commands with the model, its dataset and a folder of images", () => {
  const dataset = { path: "/me/shapes/data.yaml", samples: "/me/shapes/val images" };
  expect(suggestNextCommands("detect", { model: "/me/all mine/best.pt", dataset })).toEqual([
    "yolo detect val 'model=/me/all mine/best.pt' data=/me/shapes/data.yaml",
    "yolo detect predict 'model=/me/all mine/best.pt' 'source=/me/shapes/val images'",
  ]);
  expect(suggestNextCommands("detect", { model: "/best.pt" })).toEqual([]);
});

it("changes into the folder of a model whose path Ultralytics cannot read", () => {
  const [val] = suggestNextCommands("detect", {
    model: "/me/it's mine/best.pt",
    dataset: { path: "/me/data.yaml" },
  });
  expect(val).toBe("cd '/me/it'\\''s mine' && yolo detect val model=best.pt data=/me/data.yaml");
});

it("quotes words for the shell of each operating system", () => {
  expect(quoteWord("C:\\me\\best.pt", "win32")).toBe("C:\\me\\best.pt");
  expect(quoteWord("C:\\it's $mine\\best.pt", "win32")).toBe("'C:\\it''s $mine\\best.pt'");
  expect(quoteWord("/me/$mine", "linux")).toBe("'/me/$mine'");
});
