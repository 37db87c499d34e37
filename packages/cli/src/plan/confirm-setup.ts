import type { Plan } from "@unitrain/core/spec";
import type { CliContext } from "../context/cli-context.ts";
import type { Flags } from "../settings/flags.ts";
import { askToConfirm } from "../terminal/ask.ts";
import { canAsk } from "../terminal/screen/screen.ts";

/**
 * Asks a person before setup lines change a machine that is not rented. Without a terminal it only shows a warning, because somebody
 * wrote the lines on purpose. A rented machine needs no question, because renting it was confirmed and it is deleted afterwards.
 */
export async function confirmSetup(
  plan: Plan,
  flags: Flags,
  ended: AbortSignal,
  showStatus: (message: string) => void,
  context: CliContext,
): Promise<boolean> {
  const { setup = [], provider, quote } = plan;
  if (setup.length === 0 || provider.ownership === "rented") return true;
  const message = `--setup changes ${quote.machine}: ${setup.join("; ")}`;
  if (flags.yes === true || flags.input === false || flags.json === true || !canAsk(context)) {
    showStatus(`! ${message}`);
    return true;
  }
  return askToConfirm({ message: `${message}. Run it there?`, signal: ended });
}
