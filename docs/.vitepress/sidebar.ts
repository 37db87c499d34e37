import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { listPackages, root } from "../build/packages.ts";

type Item = DefaultTheme.SidebarItem;

const page = (text: string, link: string): Item => ({ text, link });
const packages = listPackages();

const readTitle = (file: string): string =>
  /^# (.*)$/m.exec(readFileSync(join(root, file), "utf8"))?.[1] ?? file;

/** Lists the pages of packages whose folder begins like this. */
const packagePages = (beginning: RegExp): Item[] =>
  packages
    .filter(({ folder }) => beginning.test(folder))
    .map(({ folder, name }) => page(name, `/packages/${folder}`));

/** Lists the pages of clouds: `docs/runpod.md` belongs to the package `provider-runpod`. */
const clouds = (): Item[] =>
  packages.flatMap(({ folder }) => {
    const name = folder.replace(/^provider-/, "");
    const file = `docs/${name}.md`;
    return name !== folder && existsSync(join(root, file)) ? [page(readTitle(file), `/${name}`)] : [];
  });

const adapters = /^(provider|transport|framework)-/;

/** Lists the decisions by their headings. */
const decisions = (): Item[] =>
  globSync("docs/decisions/[0-9]*.md", { cwd: root })
    .sort()
    .map((file) => page(readTitle(file), `/${file.slice("docs/".length, -".md".length)}`));

/** The sidebar of every page. Packages and decisions are listed by their files, so a new one needs no entry here. */
export const sidebar: Item[] = [
  {
    text: "Guides",
    items: [
      page("Quick start", "/quick-start"),
      page("Your own machine", "/own-machine"),
      page("A rented machine", "/rented-machine"),
      page("Your data", "/datasets"),
      page("Model, packages and code", "/your-own-code"),
      page("Detach and come back", "/background"),
      page("Budget", "/budget"),
      page("Results", "/results"),
      page("Plugins", "/plugins"),
      page("Use it from a program", "/sdk"),
    ],
  },
  {
    text: "How it works",
    items: [
      page("How a run flows", "/how-a-run-flows"),
      page("Runs, attempts and leases", "/leases-and-attempts"),
      page("What ends a bill", "/what-can-cost-you-money"),
      page("Secrets: what is where", "/secrets"),
    ],
  },
  {
    text: "Build on it",
    items: [
      page("Your first plugin", "/your-first-plugin"),
      page("Your first provider", "/your-first-provider"),
      page("Your first framework", "/your-first-framework"),
      page("Hooks", "/hooks"),
      page("Any script", "/any-script"),
      page("Frameworks", "/frameworks"),
      page("Start an adapter", "/create-an-adapter"),
      page("Test your adapter", "/conformance"),
      page("Use an adapter from npm", "/adapters"),
    ],
  },
  { text: "Adapters", collapsed: true, items: packagePages(adapters) },
  {
    text: "Reference",
    items: [
      page("Command line and settings", "/cli"),
      page("Errors", "/errors"),
      ...clouds(),
      {
        text: "Other packages",
        collapsed: true,
        items: packagePages(/^(?!provider-|transport-|framework-)/),
      },
      {
        text: "API",
        collapsed: true,
        items: packages.flatMap(({ entryPoints }) =>
          Object.keys(entryPoints).map((name) => page(name, `/api/${name.replace("@unitrain/", "")}/`)),
        ),
      },
    ],
  },
  {
    text: "Contributors",
    collapsed: true,
    items: [
      page("Contributing", "/contributing"),
      page("Architecture", "/architecture"),
      page("Security", "/security"),
      page("Threat model", "/threat-model"),
      page("What is masked", "/what-is-masked"),
      page("The emulated cloud", "/emulator"),
      { ...page("Decisions", "/decisions/"), collapsed: true, items: decisions() },
    ],
  },
];
