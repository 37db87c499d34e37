import { rewriteLink } from "./links.ts";

/** Returns Markdown whose links lead to pages of the site, as {@link rewriteLink} describes. Code is left as it is. */
export function rewriteMarkdown(text: string, folder?: string): string {
  return text
    .split(/(^```[\s\S]*?^```$|`[^`\n]+`)/m)
    .map((part, index) =>
      index % 2 === 1
        ? part
        : part.replace(/\]\(([^)\s]+)\)/g, (_, href: string) => `](${rewriteLink(href, folder)})`),
    )
    .join("");
}
