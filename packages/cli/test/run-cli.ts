import type { CliContext } from "../src/context/cli-context.ts";
import { main } from "../src/main.ts";
import { createCollectingContext } from "./collected.ts";
import { createBeginning, createEnding, createEpochs, type EventScript } from "./event-script.ts";
import type { Script } from "./script.ts";

export const wholeStory: EventScript = [
  ...createBeginning(0),
  ...createEpochs(1, 3, 3, 0, 2),
  ...createEnding(),
];

/** Types a line, and answers with all that came of it. */
export async function runCli(
  line: string,
  script: Script = { eventScript: wholeStory },
  changes: Partial<CliContext> = {},
) {
  const cli = createCollectingContext(script, changes);
  const exitCode = await main(line.split(" ").filter(Boolean), cli.context);
  const { calls, planned, assembled } = cli;
  return { exitCode, out: cli.stdout.text(), stderr: cli.stderr.text(), calls, planned, assembled };
}
