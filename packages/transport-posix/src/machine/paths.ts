import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "./connected-machine.ts";

/** A path there that says where it leads: from the root, without `.`, `..` or an empty part. */
export function checkAbsolutePath(path: string): string {
  const parts = path.split("/").slice(1);
  const isPlain = path === "/" || parts.every((part) => part !== "" && part !== "." && part !== "..");
  if (path.startsWith("/") && isPlain && !path.includes("\0")) return path;
  throw new UnitrainError(
    "UNSAFE_PATH",
    `${JSON.stringify(path)} is not a plain absolute path on the machine.`,
    {
      hint: "It begins with / and has no ., .. or empty part.",
    },
  );
}

/** As {@link absolutePath}, and within our own folder. */
export function checkPathBelowWorkFolder({ workFolder }: ConnectedMachine, path: string): string {
  if (checkAbsolutePath(path).startsWith(`${workFolder}/`)) return path;
  throw new UnitrainError("UNSAFE_PATH", `${path} does not lie below ${workFolder}: it is none of ours.`, {
    hint: "Only what lies below our own folder is made or removed on a machine.",
  });
}
