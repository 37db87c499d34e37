import { posix } from "node:path";
import { defineConfig } from "vitepress";
import { documentationUrl } from "../../packages/core/src/spec/documentation.ts";
import { rewriteLink } from "../build/links.ts";
import { sidebar } from "./sidebar.ts";

const { pathname } = new URL(documentationUrl);

/** Returns the folder of a page if a link of it leads out of `docs/`: to a file that only the repository has. */
function findFolderOutside(href: string, page: string): string | undefined {
  const folder = posix.join("docs", posix.dirname(page));
  const isOutside = /^\.\.?\//.test(href) && !posix.join(folder, href).startsWith("docs/");
  return isOutside ? folder : undefined;
}

export default defineConfig({
  title: "unitrain",
  description:
    "Train a model on a remote machine and download the result: a TypeScript SDK of adapters, and a command line.",
  lang: "en-US",
  base: `${pathname}/`,
  cleanUrls: true,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${pathname}/favicon.svg` }]],
  // READMEs of folders, which GitHub shows too.
  rewrites: { "decisions/README.md": "decisions/index.md" },
  sitemap: { hostname: `${documentationUrl}/` },
  markdown: {
    config(markdown) {
      markdown.core.ruler.push("links-to-pages", ({ tokens, env }) => {
        for (const link of tokens.flatMap(({ children }) => children ?? [])) {
          const href = link.type === "link_open" ? link.attrGet("href") : null;
          if (href !== null)
            link.attrSet("href", rewriteLink(href, findFolderOutside(href, env.relativePath)));
        }
      });
    },
  },
  themeConfig: {
    nav: [
      { text: "Guides", link: "/quick-start" },
      { text: "Build on it", link: "/your-first-plugin" },
      { text: "Reference", link: "/cli" },
    ],
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: "local" },
    socialLinks: [
      { icon: "github", link: "https://github.com/unitrain/unitrain", ariaLabel: "The repository on GitHub" },
    ],
  },
});
