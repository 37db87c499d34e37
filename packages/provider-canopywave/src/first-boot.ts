import type { FirstBootStep } from "@unitrain/core/spec";

/** Exits with 0 where there is no systemd (a container) or nothing may be stopped. */
const script = `
command -v systemctl >/dev/null 2>&1 && [ -d /run/systemd/system ] || exit 0
may=
if [ "$(id -u)" != 0 ]; then sudo -n true 2>/dev/null || exit 0; may="sudo -n"; fi
units="apt-daily.timer apt-daily-upgrade.timer unattended-upgrades.service apt-daily.service apt-daily-upgrade.service"
$may systemctl mask --quiet $units >/dev/null 2>&1
$may systemctl stop $units >/dev/null 2>&1
for unit in $units; do if $may systemctl is-active --quiet "$unit"; then exit 1; fi; done
`;

/**
 * A machine that was rented a minute ago is busy with itself: the upgrades of its Ubuntu hold apt's lock, and can change the
 * GPU's libraries under the training ("Driver/library version mismatch"). They are stopped for as long as the machine is
 * rented. https://github.com/skypilot-org/skypilot/issues/1341
 */
export const stopUpgrades: FirstBootStep = {
  command: { argv: ["sh", "-c", script] },
  failureMessage: "the machine's own upgrades could not be stopped; they may hold up the installation",
};
