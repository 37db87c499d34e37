import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Application, ReflectionKind } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { type PublishedPackage, root } from "./packages.ts";

/** Writes `docs/api`: a page for each entry point of each package, from its types and docstrings. */
export async function generateApi(packages: readonly PublishedPackage[]): Promise<void> {
  // A declaration is documented where it is met first, and the contract is exported by the engine again.
  const entryPoints = packages
    .flatMap((entry) => Object.entries(entry.entryPoints))
    .sort(([a], [b]) => Number(b.endsWith("/spec")) - Number(a.endsWith("/spec")));
  const out = join(root, "docs/api");
  rmSync(out, { recursive: true, force: true });
  const markdown: Partial<PluginOptions> = {
    outputFileStrategy: "members",
    pageTitleTemplates: {
      module: ({ name }) => `@unitrain/${name}`,
      member: ({ rawName }) => rawName.replace(/<.*/, ""),
    },
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    indexFormat: "table",
    expandObjects: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    propertyMembersFormat: "table",
    typeDeclarationFormat: "table",
    tableColumnSettings: { hideSources: true, hideDefaults: true, hideModifiers: true },
  };
  const application = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: entryPoints.map(([, source]) => join(root, source)),
    tsconfig: join(root, "docs/tsconfig.api.json"),
    basePath: root,
    outputs: [{ name: "markdown", path: out }],
    readme: "none",
    name: "API reference",
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    logLevel: "Warn",
    validation: { notExported: false, invalidLink: true, invalidPath: true },
    ...markdown,
  });
  const project = await application.convert();
  if (project === undefined) throw new Error("TypeDoc cannot convert the packages: see its messages above.");
  // TypeDoc names a module by its file; programs import it by the name of its package.
  const names = new Map(
    entryPoints.map(([name, source]) => [join(root, source), name.replace("@unitrain/", "")]),
  );
  for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
    module.name = names.get(project.getSymbolIdFromReflection(module)?.fileName ?? "") ?? module.name;
  }
  await application.generateOutputs(project);
  for (const page of globSync("**/*.md", { cwd: out })) {
    writeFileSync(join(out, page), escapeHtml(readFileSync(join(out, page), "utf8")));
  }
}

/** Docstrings contain text such as `Record<string, string>`, which is HTML in Markdown. Code, and the anchors of TypeDoc, are left as they are. */
function escapeHtml(text: string): string {
  return text
    .split(/(^```[\s\S]*?^```$|(?<!\\)`[^`\n]+`)/m)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/(?<!\\)<(?!\/?a[ >])/g, "&lt;").replaceAll("{{", "&#123;&#123;"),
    )
    .join("");
}
