import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, extname, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { base, siteFolder } from "./site.ts";

const pages = [
  "",
  "quick-start",
  "how-a-run-flows",
  "your-first-provider",
  "hooks",
  "errors",
  "packages/core",
  "api/core/spec/",
];
const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

let server: Server;
let browser: Browser;
let origin = "";

beforeAll(async () => {
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = join(siteFolder, decodeURIComponent(pathname.slice(base.length - 1)));
    const file = [path, `${path}.html`, join(path, "index.html")].find(
      (name) => existsSync(name) && extname(name) !== "",
    );
    if (file === undefined) return response.writeHead(404).end();
    return response
      .writeHead(200, { "content-type": contentTypes[extname(file)] ?? "text/plain" })
      .end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({ executablePath: findBrowser(), args: ["--no-sandbox"] });
});

afterAll(async () => {
  await browser.close();
  server.close();
});

test.each([
  ["wide", 1360, "light"],
  ["narrow", 390, "dark"],
] as const)(
  "on a %s screen (%i pixels, %s) no page is cut off, reports an error or asks another host",
  async (_, width, colorScheme) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on(
      "console",
      (message) => message.type() === "error" && faults.push(`${page.url()}: ${message.text()}`),
    );
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) faults.push(request.url());
    });
    for (const name of pages) {
      await page.goto(`${origin}${base}${name}`, { waitUntil: "networkidle" });
      const [contentWidth, isDark] = (await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.classList.contains('dark')]",
      )) as [number, boolean];
      if (contentWidth > width) faults.push(`${name} is ${contentWidth} pixels wide`);
      expect(isDark, name).toBe(colorScheme === "dark");
    }
    expect(faults).toEqual([]);
    await context.close();
  },
);

test("the search finds an error by its code", async () => {
  const page = await browser.newPage();
  await page.goto(`${origin}${base}quick-start`, { waitUntil: "networkidle" });
  await page.locator(".DocSearch-Button").click();
  await page.locator("#localsearch-input").fill("JOB_LOST");
  await page.locator(".VPLocalSearchBox a.result").first().waitFor();
  expect(await page.locator(".VPLocalSearchBox").textContent()).toContain("JOB_LOST");
});

function findBrowser(): string {
  const programs = ["chromium", "google-chrome"].flatMap((name) =>
    (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)),
  );
  const found = programs.find((program) => existsSync(program));
  if (found === undefined) throw new Error("Neither chromium nor google-chrome is on the PATH.");
  return found;
}
