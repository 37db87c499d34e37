import type { FirstBootStep } from "../../spec/index.ts";

/** Exits with 0 also where there is no systemd (a container) or no permission to stop services. */
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
 * Stops the automatic upgrades of Ubuntu for as long as the machine is rented. Just after the boot they hold the lock of apt, and they
 * can replace GPU libraries under a training ("Driver/library version mismatch").
 * https://github.com/skypilot-org/skypilot/issues/1341
 */
export const stopUbuntuUpgrades: FirstBootStep = {
  command: { argv: ["sh", "-c", script] },
  failureMessage: "the machine's own upgrades could not be stopped; they may hold up the installation",
};
