import type { MachineFacts } from "../spec/index.ts";
import { emit, type RunScope } from "./scope.ts";

const timeoutMs = 60_000;

/**
 * A machine that was rented a minute ago is busy with itself: its own upgrades hold apt's lock, and can change the GPU's
 * libraries under the training ("Driver/library version mismatch"). They are stopped for as long as we have the machine;
 * on a borrowed one nothing is touched. https://github.com/skypilot-org/skypilot/issues/1341
 */
export async function settleFirstBoot(run: RunScope, facts: MachineFacts): Promise<void> {
  if (run.provider.ownership !== "rented" || facts.os !== "Linux") return;
  if (run.ledger.state.started || run.ledger.state.environment !== undefined) return;
  const call = { phase: "connect" as const, method: "run", timeoutMs };
  const { exitCode } = await run.link.use(call, (session, context) =>
    session.run({ argv: ["sh", "-c", stopUpgrades] }, context),
  );
  if (exitCode === 0) return;
  await emit(run, {
    type: "status",
    phase: "connect",
    message: "the machine's own upgrades could not be stopped; they may hold up the installation",
  });
}

/** Quiet where there is no systemd (a container) or nothing may be stopped. */
const stopUpgrades = `
command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ] || exit 0
may=
if [ "$(id -u)" != 0 ]; then sudo -n true 2>/dev/null || exit 0; may="sudo -n"; fi
units="apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service apt-daily.service apt-daily-upgrade.service"
$may systemctl mask --quiet $units >/dev/null 2>&1
$may systemctl stop $units >/dev/null 2>&1
for unit in $units; do if $may systemctl is-active --quiet "$unit"; then exit 1; fi; done
`;
