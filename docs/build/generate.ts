// Writes the pages that are made from the code and from READMEs: `docs/api` and `docs/packages`. Both folders are ignored by git.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateApi } from "./api.ts";
import { rewriteMarkdown } from "./markdown.ts";
import { listPackages, root } from "./packages.ts";

const packages = listPackages();
const folder = join(root, "docs/packages");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const { folder: name, description } of packages) {
  const readme = readFileSync(join(root, "packages", name, "README.md"), "utf8");
  const source = { description: `${description}.`, source: `packages/${name}/README.md` };
  write(`${name}.md`, source, rewriteMarkdown(readme, `packages/${name}`));
}
for (const name of ["CONTRIBUTING", "SECURITY"]) {
  const text = readFileSync(join(root, `${name}.md`), "utf8");
  write(`../${name.toLowerCase()}.md`, { source: `${name}.md` }, rewriteMarkdown(text, "."));
}
await generateApi(packages);

function write(file: string, frontmatter: Readonly<Record<string, string>>, text: string): void {
  const lines = Object.entries(frontmatter).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  writeFileSync(join(folder, file), `---\n${lines.join("\n")}\n---\n\n${text}`);
}
