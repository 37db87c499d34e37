import { UnitrainError } from "@unitrain/core/spec";

/**
 * Checks packages to install in addition to Ultralytics, as `pip install` takes them: names with or without a version,
 * and addresses of forks. Throws `INVALID_OPTIONS` for what cannot work on the machine.
 */
export function checkPackages(value: unknown): readonly string[] {
  const requested: readonly unknown[] | undefined =
    typeof value === "string" ? [value] : Array.isArray(value) ? value : undefined;
  const packages = requested?.map((requirement) =>
    typeof requirement === "string" ? requirement.trim() : "",
  );
  if (packages === undefined || packages.includes("")) {
    throw createError(
      "pip is not a list of packages.",
      "Write it like `pip: ['albumentations', 'timm==1.0.9']`.",
    );
  }
  for (const requirement of packages) checkRequirement(requirement);
  return [...new Set(packages)].sort();
}

/** Returns whether the packages include Ultralytics or a fork of it, which is then installed instead of the default. */
export const includesUltralytics = (packages: readonly string[]): boolean =>
  packages.some((requirement) =>
    /^ultralytics(?:\[.*?\])?\s*(?:@|[<>=!~]|$)|[/#=]ultralytics(?:\.git|\.zip|-[\d.]+|@|#|&|$)/i.test(
      requirement,
    ),
  );

function checkRequirement(requirement: string): void {
  if (requirement.startsWith("-")) {
    throw createError(
      `pip names ${requirement}, which is an option and no package.`,
      "Name packages only; an index of your own is set on the machine (UV_INDEX_URL, PIP_INDEX_URL).",
    );
  }
  if (/:\/\/(?!git@)[^/@\s]+@/.test(requirement)) {
    throw createError(
      "pip names an address that contains a user name or a token, which would be stored in the plan.",
      "Give the machine its own login (~/.netrc or an SSH key), or ship the package with `code`.",
    );
  }
  if (/^(?:\.{0,2}[/\\]|[a-z]:[/\\]|~|file:)/i.test(requirement) || /(?:^|\s)file:\/\//i.test(requirement)) {
    throw createLocalFileError(requirement);
  }
  if (!requirement.includes("://") && /\.(?:whl|zip|tar\.gz)$/i.test(requirement))
    throw createLocalFileError(requirement);
}

const createLocalFileError = (requirement: string) =>
  createError(
    `pip names ${requirement}, a file of this computer, which is not on the machine when packages are installed.`,
    "Ship its source with `code` (it is on the training's PYTHONPATH), or name its address: `git+https://…`.",
  );

const createError = (message: string, hint: string) =>
  new UnitrainError("INVALID_OPTIONS", message, { hint });
