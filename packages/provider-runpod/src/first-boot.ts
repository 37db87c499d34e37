import type { FirstBootStep } from "@unitrain/core/spec";

/**
 * Installs what a slim container image may lack. It needs root and apt; where there is neither, or nothing is missing, it exits with 0.
 * There is no systemd in a container, so there are no upgrades to stop, and jobs are started without it.
 */
const script = `
missing=
for pair in tar:tar python3:python3 curl:curl tmux:tmux; do
  command -v "\${pair%%:*}" >/dev/null 2>&1 || missing="$missing \${pair##*:}"
done
[ -n "$missing" ] || exit 0
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
export DEBIAN_FRONTEND=noninteractive
timeout 20 apt-get update -qq >/dev/null 2>&1
timeout 30 apt-get install -y -qq --no-install-recommends $missing ca-certificates >/dev/null 2>&1
`;

export const installTools: FirstBootStep = {
  command: { argv: ["sh", "-c", script] },
  failureMessage: "the image lacks tools that could not be installed; the run continues without them",
};
