import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "./connected-machine.ts";

/** Returns the path when it is absolute and has no `.`, `..` or empty part; throws otherwise. */
export function checkAbsolutePath(path: string): string {
  const parts = path.split("/").slice(1);
  const isPlain = path === "/" || parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (path.startsWith("/") && isPlain && !path.includes("\0")) return path;
  throw new UnitrainError(
    "UNSAFE_PATH",
    `Invalid path on the machine: ${JSON.stringify(path)} is not a plain absolute path.`,
    {
      hint: "Use a path that begins with / and has no ., .. or empty part.",
    },
  );
}

/** As {@link checkAbsolutePath}, and also throws for a path outside the work folder. */
export function checkPathBelowWorkFolder({ workFolder }: ConnectedMachine, path: string): string {
  if (checkAbsolutePath(path).startsWith(`${workFolder}/`)) return path;
  throw new UnitrainError(
    "UNSAFE_PATH",
    `Cannot create or remove ${path}: it is not below the work folder ${workFolder}.`,
    {
      hint: "Use a path below the work folder: nothing else on a machine is created or removed.",
    },
  );
}
