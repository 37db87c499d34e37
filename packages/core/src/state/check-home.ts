import { stat } from "node:fs/promises";
import { UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "./bounded.ts";
import { refuseNewerFormat } from "./home-format.ts";
import { describeReadError } from "./unreadable.ts";

/**
 * Refuses a state folder that other users can write to, as ssh does, because a ledger decides which modules are loaded and which
 * machines are terminated. Also refuses a folder that a newer version of unitrain wrote. A missing folder is accepted.
 *
 * @throws UnitrainError `STATE_UNSAFE`; `STATE_UNREADABLE` if it cannot be read or a newer version of unitrain wrote it.
 */
export async function checkHome(home: string): Promise<void> {
  const found = await withinFileSystemTimeout(stat(home)).catch((error) => {
    if (error.code === "ENOENT") return undefined;
    throw new UnitrainError(
      "STATE_UNREADABLE",
      `The state folder ${home} cannot be read. ${describeReadError(error)}`,
      { hint: "Fix its permissions, or set UNITRAIN_HOME to another folder.", cause: error },
    );
  });
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new UnitrainError("STATE_UNREADABLE", `The state folder ${home} is not a folder.`, {
      hint: "Set UNITRAIN_HOME to a folder.",
    });
  }
  const user = process.geteuid?.();
  const unsafe = user === undefined ? undefined : findSafetyProblem(home, found, user);
  if (unsafe !== undefined) throw unsafe;
  await refuseNewerFormat(home);
}

/** Returns an error unless the folder belongs to the user or to root and nobody else can write to it, which is the rule of ssh. */
export function findSafetyProblem(
  home: string,
  { uid, mode }: { readonly uid: number; readonly mode: number },
  user: number,
): UnitrainError | undefined {
  if (uid !== user && uid !== 0) {
    return new UnitrainError(
      "STATE_UNSAFE",
      `The state folder ${home} belongs to another user (uid ${uid}; you are uid ${user}).`,
      { hint: `Set UNITRAIN_HOME to a folder of your own, or take this one over: chown -R ${user} ${home}` },
    );
  }
  if ((mode & 0o022) === 0) return undefined;
  const octal = (mode & 0o777).toString(8).padStart(3, "0");
  return new UnitrainError(
    "STATE_UNSAFE",
    `Other users can write to the state folder ${home} (mode ${octal}).`,
    { hint: `Run: chmod 700 ${home}` },
  );
}
