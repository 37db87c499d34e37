import type { StoredItem } from "../api/stored-item.ts";
import { type MachineFacts, UnitrainError } from "../spec/index.ts";
import { inUseStates } from "./list-stored.ts";
import type { ConnectedMachine } from "./with-machine.ts";

/** Removes one item without following links. Throws `REMOTE_COMMAND` if it has come into use since it was listed. */
export async function removeStored(
  connected: Pick<ConnectedMachine, "call">,
  facts: MachineFacts,
  { kind, name, path }: StoredItem,
): Promise<void> {
  if (kind !== "environment") {
    await remove(connected, path);
    if (kind === "run")
      for (const job of ["1", "environment"]) await removeJob(connected, facts, `${name}-${job}`);
    return;
  }
  const { exitCode, stderr } = await connected.call("run", (session, context) =>
    session.run({ argv: ["sh", "-c", removeScript, "sh", facts.environmentsFolder, name] }, context),
  );
  if (exitCode === 0) return;
  const reason = exitCode === cameIntoUse ? "a process runs in it" : stderr.trim().slice(-300);
  throw new UnitrainError("REMOTE_COMMAND", `Cannot remove ${path}: ${reason}.`, {
    hint: "Try again when nothing uses it.",
  });
}

async function removeJob(
  connected: Pick<ConnectedMachine, "call">,
  facts: MachineFacts,
  id: string,
): Promise<void> {
  const { state } = await connected.call("getJobState", (session, context) =>
    session.getJobState(id, context),
  );
  if (!inUseStates.has(state)) await remove(connected, `${facts.workFolder}/jobs/${id}`);
}

async function remove(connected: Pick<ConnectedMachine, "call">, path: string): Promise<void> {
  await connected.call("remove", (session, context) => session.remove(path, context));
}

const cameIntoUse = 41;

/** Removes an environment by its name in the environments folder, because `Session.remove` refuses paths outside the work folder. */
const removeScript = `
cd -P -- "$1" || exit 1
case $2 in '' | . | .. | */*) exit 1 ;; esac
[ -d "./$2" ] && [ ! -L "./$2" ] || exit 0
if [ -d /proc/self ] && grep -qsF -- "$1/$2/" /proc/[0-9]*/cmdline; then exit ${cameIntoUse}; fi
rm -rf -- "./$2"
`;
