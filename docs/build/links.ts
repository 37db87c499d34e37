import { posix } from "node:path";
// By its path, because VitePress bundles this module without the conditions of this workspace.
import { documentationUrl } from "../../packages/core/src/spec/documentation.ts";

const repository = "https://github.com/unitrain/unitrain";

/**
 * Returns where a link of a Markdown file leads on the site. READMEs and pages for contributors are read on GitHub and in the registry
 * too, so they link to addresses that exist there. On the site the same links lead to its own pages, where broken ones are found.
 *
 * @param href The link as it is written.
 * @param folder The folder of the file that contains it, relative to the root of the repository; undefined for pages of the site.
 */
export function rewriteLink(href: string, folder?: string): string {
  if (href === documentationUrl || href === `${documentationUrl}/`) return "/";
  if (href.startsWith(`${documentationUrl}/`)) return href.slice(documentationUrl.length);
  const isRelative = !/^([a-z]+:|#|\/)/.test(href);
  if (folder !== undefined && isRelative)
    return rewriteLink(`${repository}/blob/main/${posix.join(folder, href)}`);
  const [, path, anchor = ""] =
    /^https:\/\/github\.com\/unitrain\/unitrain\/(?:tree|blob)\/main\/([^#]+)(#.*)?$/.exec(href) ?? [];
  if (path === undefined) return href;
  const page = findPage(path);
  return page === undefined ? href : `${page}${anchor}`;
}

/** Returns the page of the site that shows a file of the repository. */
function findPage(path: string): string | undefined {
  const [, package_] = /^packages\/([\w-]+)(?:\/README\.md|\/)?$/.exec(path) ?? [];
  if (package_ !== undefined) return `/packages/${package_}`;
  const [, page] = /^docs\/(.+)\.md$/.exec(path) ?? [];
  if (page !== undefined) return `/${page.replace(/README$/, "")}`;
  return { "CONTRIBUTING.md": "/contributing", "SECURITY.md": "/security" }[path];
}
