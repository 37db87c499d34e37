import { expect, it } from "vitest";
import { quoteWord, suggestNextCommands } from "./next-commands.ts";

it("goes on with the model, its own data and some of its images", () => {
  const dataset = { path: "/me/shapes/data.yaml", samples: "/me/shapes/val images" };
  expect(suggestNextCommands("detect", { model: "/me/all mine/best.pt", dataset })).toEqual([
    "yolo detect val 'model=/me/all mine/best.pt' data=/me/shapes/data.yaml",
    "yolo detect predict 'model=/me/all mine/best.pt' 'source=/me/shapes/val images'",
  ]);
  expect(suggestNextCommands("detect", { model: "/best.pt" })).toEqual([]);
});

it("goes to a model whose path Ultralytics would not read", () => {
  const [val] = suggestNextCommands("detect", {
    model: "/me/it's mine/best.pt",
    dataset: { path: "/me/data.yaml" },
  });
  expect(val).toBe("cd '/me/it'\\''s mine' && yolo detect val model=best.pt data=/me/data.yaml");
});

it("quotes as the shells of the system do", () => {
  expect(quoteWord("C:\\me\\best.pt", "win32")).toBe("C:\\me\\best.pt");
  expect(quoteWord("C:\\it's $mine\\best.pt", "win32")).toBe("'C:\\it''s $mine\\best.pt'");
  expect(quoteWord("/me/$mine", "linux")).toBe("'/me/$mine'");
});
