import { UnitrainError } from "@unitrain/core/spec";
import type { ConnectedMachine } from "../machine/connected-machine.ts";
import { checkPathBelowWorkFolder } from "../machine/paths.ts";
import { commandFailedError } from "../script/failures.ts";
import { withWorkFolder } from "../script/open-script.ts";
import { quote } from "../script/quote.ts";
import { runScript } from "../script/run-script.ts";

const leavesFolder = 40;

/** Removes a path below the work folder. Removes a link itself, never its target; refuses a path that goes through a link. */
export async function removePath(
  machine: ConnectedMachine,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const relativePath = checkPathBelowWorkFolder(machine, path).slice(machine.workFolder.length + 1);
  const script = withWorkFolder(machine.workFolder, buildRemoveScript(relativePath.split("/")));
  const { exitCode, stderr } = await runScript(machine.shells.dedicated, script, { signal });
  if (exitCode === 0) return;
  if (exitCode !== leavesFolder) throw commandFailedError(`remove ${path}`, exitCode, stderr);
  throw new UnitrainError(
    "UNSAFE_PATH",
    `Cannot remove ${path}: it leads through a link out of its folder.`,
    {
      hint: "Check where the link leads, then remove it by hand.",
    },
  );
}

/** Enters the folders one at a time and checks each, so that a link that somebody creates meanwhile cannot redirect the removal. */
function buildRemoveScript(parts: readonly string[]): string {
  const name = quote(`./${parts.at(-1)}`);
  const steps = parts.slice(0, -1).map(
    (part) => `[ ! -L ${quote(`./${part}`)} ] || exit ${leavesFolder}
cd -P -- ${quote(`./${part}`)} 2>/dev/null || exit 0
below="$below/"${quote(part)}
[ "$(pwd -P)" = "$below" ] || exit ${leavesFolder}`,
  );
  return `
below=$(pwd -P)
${steps.join("\n")}
[ -e ${name} ] || [ -L ${name} ] || exit 0
# A folder that is still written to may not be empty at the first attempt.
for try in 1 2 3; do
  rm -rf -- ${name} 2>/dev/null && exit 0
  chmod -R u+rwX -- ${name} 2>/dev/null
done
rm -rf -- ${name}
`;
}
