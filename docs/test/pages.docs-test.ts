import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getDocumentationUrl } from "@unitrain/core/spec";
import { expect, test } from "vitest";
import { listPackages, root } from "../build/packages.ts";
import { drawTerminal } from "../build/terminal-picture.ts";
import { base, findBrokenLinks, readAttributes, readPages, siteFolder } from "./site.ts";

const pages = readPages();
const files = new Set(globSync("**/*", { cwd: siteFolder, withFileTypes: false }));
const find = (file: string) => pages.find((page) => page.file === file)?.html ?? "";

test("every link within the site leads to a page and an anchor that exist", () => {
  expect(pages.length).toBeGreaterThan(300);
  expect(pages.flatMap((page) => findBrokenLinks(page, pages, files))).toEqual([]);
});

test("a broken link and a broken anchor are found", () => {
  const links = ["nowhere", "errors#job-lost", "errors#no-such-code", "#top", "/elsewhere", "api/"];
  const html = `<h1 id="title">x</h1>${links.map((link) => `<a href="${/^[#/]/.test(link) ? link : base + link}">x</a>`).join("")}`;
  expect(findBrokenLinks({ file: "x.html", html }, pages, files)).toEqual([
    `x.html: ${base}nowhere does not exist`,
    `x.html: ${base}errors#no-such-code names an anchor that does not exist`,
    "x.html: #top names an anchor that does not exist",
    "x.html: /elsewhere does not exist",
  ]);
});

test("every file that a page includes exists", () => {
  expect(
    pages
      .filter(({ html }) => /snippet path not found|snippet.*not found/i.test(html))
      .map(({ file }) => file),
  ).toEqual([]);
  expect(find("your-first-provider.html")).toContain("listPlannedResources");
  expect(find("your-first-plugin.html")).toContain("log: images of [customer]");
});

test("nothing is loaded from another host", () => {
  const loaded = pages.flatMap(({ file, html }) => {
    const tags = [...html.matchAll(/<(?:script|img|link|iframe|source|video)\b[^>]*>/g)].map(([tag]) => tag);
    return tags.filter((tag) => /(?:src|href)="(?:https?:)?\/\//.test(tag)).map((tag) => `${file}: ${tag}`);
  });
  const styles = [...files]
    .filter((file) => file.endsWith(".css"))
    .map((file) => readFileSync(join(siteFolder, file), "utf8"));
  expect(loaded).toEqual([]);
  expect(styles.length).toBeGreaterThan(0);
  expect(styles.filter((style) => /(?:url\(|@import\s+)["']?(?:https?:)?\/\//.test(style))).toEqual([]);
});

test("every page has a language, a title of its own, one main heading, and texts for its images", () => {
  const faults = pages.flatMap(({ file, html }) => [
    ...(/<html[^>]* lang="en-US"/.test(html) ? [] : [`${file}: no language`]),
    ...(/<title>[^<]{8,}<\/title>/.test(html) ? [] : [`${file}: no title`]),
    ...(file === "404.html" || (html.match(/<h1\b/g) ?? []).length === 1
      ? []
      : [`${file}: not one main heading`]),
    ...[...html.matchAll(/<img\b[^>]*>/g)]
      .filter(([tag]) => !/\salt="[^"]{10,}"/.test(tag))
      .map(([tag]) => `${file}: ${tag}`),
  ]);
  expect(faults).toEqual([]);
});

test("each package has a page, and each of its entry points an API page", () => {
  for (const { folder, name, entryPoints } of listPackages()) {
    expect(find(`packages/${folder}.html`), name).toContain(`<h1 id="`);
    for (const entryPoint of Object.keys(entryPoints)) {
      expect(find(`api/${entryPoint.replace("@unitrain/", "")}/index.html`), entryPoint).toContain(
        entryPoint,
      );
    }
  }
});

test("the sidebar leads to every page that was written by hand", () => {
  const written = globSync("docs/{*,decisions/[0-9]*}.md", { cwd: root }).map((file) =>
    file.slice("docs/".length, -".md".length),
  );
  const links = new Set(readAttributes(find("quick-start.html"), "href"));
  expect(written.length).toBeGreaterThan(40);
  expect(written.filter((name) => name !== "index" && !links.has(base + name))).toEqual([]);
});

test("the URL in an error leads to its section", () => {
  const [, anchor = ""] = getDocumentationUrl("JOB_LOST").split("#");
  expect(readAttributes(find("errors.html"), "id")).toContain(anchor);
});

test("the picture of the home page is drawn from the recorded run (vitest -u draws it)", async () => {
  const recording = readFileSync(join(root, "docs/recordings/first-run.txt"), "utf8");
  const title = "A terminal in which unitrain trains a detector for 12 epochs and saves best.pt";
  await expect(drawTerminal(recording, title)).toMatchFileSnapshot(join(root, "docs/public/first-run.svg"));
});
