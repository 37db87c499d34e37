import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CodeBlock } from "./code-blocks.ts";

export const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Type-checks each block as a module of a program that has installed every package; returns what the compiler says. */
export function compile(blocks: readonly CodeBlock[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "unitrain-code-blocks-"));
  try {
    installPackages(folder);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
    for (const [at, { line, code }] of blocks.entries()) {
      // As far down as in the documentation, so that the compiler names the right line.
      writeFileSync(join(folder, `block-${at}.ts`), `${"\n".repeat(line)}${code}\nexport {};\n`);
    }
    const compiler = join(root, "node_modules/@typescript/native/bin/tsc");
    const words = [compiler, "-p", folder, "--pretty", "false"];
    const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8" });
    const output = `${stdout}${stderr}`.trim();
    if (status !== 0 && !output.includes("error TS")) throw new Error(output);
    return output
      .split("\n")
      .map((line) =>
        line.replace(/^block-(\d+)\.ts\((\d+),\d+\)/, (_, at, number) => `${blocks[at]?.file}:${number}`),
      );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const settings = {
  extends: join(root, "tsconfig.base.json"),
  compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
  include: ["*.ts"],
};

function installPackages(folder: string): void {
  const scope = join(folder, "node_modules/@unitrain");
  mkdirSync(scope, { recursive: true });
  for (const name of readdirSync(join(root, "packages"))) {
    symlinkSync(join(root, "packages", name), join(scope, name), "junction");
  }
}
