import type { CallContext, MachineFacts, Session } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import type { StoredItem } from "./stored-item.ts";

/** Removes one item; links are removed themselves and never followed. Throws when it came into use meanwhile. */
export async function removeStored(
  session: Session,
  facts: MachineFacts,
  { kind, name, path }: StoredItem,
  context: CallContext,
): Promise<void> {
  if (kind !== "environment") {
    await session.remove(path, context);
    if (kind === "run")
      for (const job of ["1", "environment"]) await removeJob(session, facts, `${name}-${job}`, context);
    return;
  }
  const { exitCode, stderr } = await session.run(
    { argv: ["sh", "-c", removeScript, "sh", facts.environmentsFolder, name] },
    context,
  );
  if (exitCode === 0) return;
  const why = exitCode === cameIntoUse ? "a process runs in it" : stderr.trim().slice(-300);
  throw new UnitrainError("REMOTE_COMMAND", `${path} cannot be removed: ${why}.`, {
    hint: "Try again when nothing uses it.",
  });
}

async function removeJob(
  session: Session,
  facts: MachineFacts,
  id: string,
  context: CallContext,
): Promise<void> {
  const { state } = await session.look(id, context);
  if (state !== "running" && state !== "waiting")
    await session.remove(`${facts.workFolder}/jobs/${id}`, context);
}

const cameIntoUse = 41;

/** Environments lie outside the work folder, so they are removed by their name within their own folder. */
const removeScript = `
cd -P -- "$1" || exit 1
case $2 in '' | . | .. | */*) exit 1 ;; esac
[ -d "./$2" ] && [ ! -L "./$2" ] || exit 0
if [ -d /proc/self ] && grep -qsF -- "$1/$2/" /proc/[0-9]*/cmdline; then exit ${cameIntoUse}; fi
rm -rf -- "./$2"
`;
