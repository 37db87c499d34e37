import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { documentationUrl } from "../../packages/core/src/spec/documentation.ts";
import { root } from "../build/packages.ts";

/** The folder of the built site. */
export const siteFolder = join(root, "docs/.vitepress/dist");
/** The path of the site below its host: `/unitrain/`. */
export const base = `${new URL(documentationUrl).pathname}/`;

/** A page of the built site. */
export interface Page {
  /** Its file in the folder of the site: `api/core/index.html`. */
  readonly file: string;
  readonly html: string;
}

export function readPages(): readonly Page[] {
  return globSync("**/*.html", { cwd: siteFolder })
    .sort()
    .map((file) => ({ file, html: readFileSync(join(siteFolder, file), "utf8") }));
}

/** Returns the values of an attribute of all tags. */
export function readAttributes(html: string, attribute: string): readonly string[] {
  return [...html.matchAll(new RegExp(`<[a-z][^>]*?\\s${attribute}="([^"]*)"`, "g"))].map(([, value = ""]) =>
    value.replaceAll("&amp;", "&"),
  );
}

/** Returns what is wrong with the links of a page: a page, a file or an anchor of the site that does not exist. */
export function findBrokenLinks(
  page: Page,
  pages: readonly Page[],
  files: ReadonlySet<string>,
): readonly string[] {
  const anchors = new Map(pages.map(({ file, html }) => [file, html] as const));
  return [...readAttributes(page.html, "href"), ...readAttributes(page.html, "src")].flatMap((link) => {
    if (/^(https?:|mailto:|data:)/.test(link)) return [];
    const [path = "", anchor = ""] = link.split("#");
    const target =
      path === ""
        ? page.file
        : resolveFile(posix.resolve(base + posix.dirname(page.file), path), path, files);
    if (target === undefined) return [`${page.file}: ${link} does not exist`];
    if (anchor === "" || !target.endsWith(".html")) return [];
    const html = anchors.get(target) ?? "";
    const id = decodeURIComponent(anchor);
    return html.includes(`id="${id}"`) ? [] : [`${page.file}: ${link} names an anchor that does not exist`];
  });
}

/** Returns the file that GitHub Pages answers with for a path. */
function resolveFile(path: string, link: string, files: ReadonlySet<string>): string | undefined {
  if (!`${path}/`.startsWith(base)) return undefined;
  const name = path.slice(base.length);
  const candidates =
    link.endsWith("/") || name === "" ? [posix.join(name, "index.html")] : [name, `${name}.html`];
  return candidates.find((file) => files.has(file));
}
