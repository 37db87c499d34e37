import { createRequire } from "node:module";
import type { AdapterKind } from "./adapter-kind.ts";
import type { AdapterName } from "./adapter-name.ts";

const descriptions: Readonly<Record<AdapterKind, string>> = {
  provider: "Lets unitrain train on machines of",
  framework: "Lets unitrain train",
  transport: "Lets unitrain reach machines by",
  plugin: "Changes the runs of unitrain:",
};

/** Tools of every generated package, as this repository uses them. */
const tools = {
  "@changesets/cli": "^3.0.3",
  "@types/node": "^24.19.2",
  typescript: "^7.0.2",
};

/** Renders the `package.json` of an adapter. `unitrain` finds the package by its name, its keywords and its peer dependency. */
export function renderManifest(kind: AdapterKind, { word, packageName }: AdapterName) {
  const core = getRange("@unitrain/core");
  const dependencies =
    kind === "transport" ? { "@unitrain/transport-posix": getRange("@unitrain/transport-posix") } : undefined;
  return {
    name: packageName,
    version: "0.0.0",
    description: `${descriptions[kind]} ${word}`,
    keywords: ["unitrain", `unitrain-${kind}`],
    license: "MIT",
    type: "module",
    sideEffects: false,
    exports: {
      ".": getEntry("index"),
      ...(kind === "framework" ? { "./command-line": getEntry("command-line") } : {}),
      "./package.json": "./package.json",
    },
    files: ["dist", "CHANGELOG.md"],
    engines: { node: ">=22.18" },
    scripts: {
      build: "tsc -p tsconfig.build.json",
      typecheck: "tsc -p .",
      test: 'node --test "test/*.test.ts"',
      prepublishOnly: "npm run build",
      changeset: "changeset",
      "release:versions": "changeset version && npm install --package-lock-only --ignore-scripts",
      release: "npm run build && changeset publish",
    },
    ...(dependencies === undefined ? {} : { dependencies }),
    // The versions of unitrain that the adapter works with.
    peerDependencies: { "@unitrain/core": core },
    devDependencies: sortKeys({
      ...tools,
      "@unitrain/conformance": getRange("@unitrain/conformance"),
      "@unitrain/core": core,
    }),
    publishConfig: { access: "public" },
  };
}

function getEntry(name: string) {
  return { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` };
}

/** Returns the range of the version that is installed beside this package. */
function getRange(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string };
  return `^${version}`;
}

function sortKeys(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
