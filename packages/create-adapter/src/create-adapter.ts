import { mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UnitrainError } from "@unitrain/core/spec";
import { type AdapterKind, adapterKinds } from "./adapter-kind.ts";
import { readAdapterName } from "./adapter-name.ts";
import { renderFiles } from "./render-files.ts";

/** Options of {@link createAdapter}. */
export interface CreateAdapterOptions {
  readonly kind: AdapterKind;
  /** What users write: `desk` for the package `unitrain-provider-desk`, or `@me/desk` for one with a scope. */
  readonly name: string;
  /** The folder of the package, which must be empty or missing. By default it is named after the package, in the working folder. */
  readonly folder?: string;
}

/** A package that was written. */
export interface CreatedAdapter {
  readonly packageName: string;
  /** The absolute path of its folder. */
  readonly folder: string;
  /** The relative paths of its files, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes a package with an adapter that builds, keeps every rule of the contract, and says in comments what to fill in. Nothing is
 * installed or downloaded.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for an unknown kind, an invalid name, or a folder that is not empty; `LOCAL_DISK` if the
 * files cannot be written.
 *
 * @example
 * ```ts
 * import { createAdapter } from "@unitrain/create-adapter";
 *
 * const { folder, packageName } = await createAdapter({ kind: "provider", name: "desk" });
 * console.log(packageName, folder); // unitrain-provider-desk /home/me/unitrain-provider-desk
 * ```
 */
export async function createAdapter(options: CreateAdapterOptions): Promise<CreatedAdapter> {
  const { kind } = options;
  if (!adapterKinds.includes(kind)) {
    throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(kind)} is not a kind of adapter.`, {
      hint: `Choose one of: ${adapterKinds.join(", ")}.`,
    });
  }
  const name = readAdapterName(kind, options.name);
  const folder = resolve(options.folder ?? name.packageName.replace(/^@[^/]+\//, ""));
  const files = renderFiles(kind, name);
  await checkFolder(folder);
  try {
    for (const { path, content } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      // `wx`: a file that somebody else has written meanwhile is not replaced.
      await writeFile(join(folder, path), content, { flag: "wx" });
    }
  } catch (error) {
    throw new UnitrainError("LOCAL_DISK", `Cannot write the package: ${(error as Error).message}.`, {
      hint: "Check the folder, or name another one.",
      cause: error,
    });
  }
  return { packageName: name.packageName, folder, files: files.map(({ path }) => path) };
}

async function checkFolder(folder: string): Promise<void> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    const cause = code === "ENOTDIR" ? "it is a file" : message;
    throw refuseFolder(folder, cause);
  }
  // A repository that was just created is fine.
  const others = names.filter((name) => name !== ".git");
  if (others.length > 0) throw refuseFolder(folder, `it contains ${others[0]}`);
}

function refuseFolder(folder: string, cause: string): UnitrainError {
  return new UnitrainError("INVALID_OPTIONS", `Cannot write the package into ${folder}: ${cause}.`, {
    hint: "Name an empty or a new folder.",
  });
}
