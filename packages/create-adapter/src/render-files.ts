import type { AdapterKind } from "./adapter-kind.ts";
import type { AdapterName } from "./adapter-name.ts";
import { renderManifest } from "./render-manifest.ts";
import { readTemplateFiles, type TemplateFile } from "./template-files.ts";

/** Renders all files of a package, sorted by path. Templates are the code of an adapter named `acme-name`. */
export function renderFiles(kind: AdapterKind, name: AdapterName): readonly TemplateFile[] {
  const common = readTemplateFiles("common");
  const howToRelease = common.find(({ path }) => path === "release.md")?.content ?? "";
  const copied = [...common.filter(({ path }) => path !== "release.md"), ...readTemplateFiles(kind)].map(
    ({ path, content }) => ({
      path: path.replace(/^(github\/|changeset\/|gitignore$)/, ".$1"),
      content: rename(path === "README.md" ? content + howToRelease : content, name),
    }),
  );
  const written: Readonly<Record<string, unknown>> = {
    "package.json": renderManifest(kind, name),
    "tsconfig.json": typeCheck,
    "tsconfig.build.json": build,
    ".changeset/config.json": changesets,
  };
  const json = Object.entries(written).map(([path, value]) => ({
    path,
    content: `${JSON.stringify(value, undefined, 2)}\n`,
  }));
  return [...copied, ...json].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function rename(text: string, { word, packageName, isScoped, identifier }: AdapterName): string {
  const title = word.replace(
    /(^|-)(.)/g,
    (_, dash: string, letter: string) => (dash && " ") + letter.toUpperCase(),
  );
  return (
    text
      .replaceAll(/unitrain-(adapter|provider|framework|transport|plugin)-acme-name/g, packageName)
      // A package with a scope is named in full.
      .replaceAll(/(--on|--framework) acme-name/g, `$1 ${isScoped ? `npm:${packageName}` : word}`)
      .replaceAll("acme-name", word)
      .replaceAll("acme_name", word.replaceAll("-", "_"))
      .replaceAll("ACME_NAME", word.replaceAll("-", "_").toUpperCase())
      .replaceAll("acmeName", identifier)
      .replaceAll("AcmeName", title.replaceAll(" ", ""))
      .replaceAll("Acme Name", title)
  );
}

const typeCheck = {
  compilerOptions: {
    target: "ES2023",
    lib: ["ES2024", "ESNext.Disposable"],
    module: "NodeNext",
    types: ["node"],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    erasableSyntaxOnly: true,
    rewriteRelativeImportExtensions: true,
    skipLibCheck: true,
    noEmit: true,
  },
  include: ["src", "test"],
};

const build = {
  extends: "./tsconfig.json",
  compilerOptions: { noEmit: false, declaration: true, rootDir: "src", outDir: "dist" },
  include: ["src"],
};

const changesets = {
  changelog: "@changesets/cli/changelog",
  commit: false,
  access: "public",
  baseBranch: "main",
};
