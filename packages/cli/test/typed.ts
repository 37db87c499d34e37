import { main } from "../src/main.ts";
import type { Surroundings } from "../src/surroundings.ts";
import { collectedSurroundings } from "./collected.ts";
import type { Script } from "./script.ts";
import { beginning, ending, epochs, type Story } from "./story.ts";

export const wholeStory: Story = [...beginning(0), ...epochs(1, 3, 3, 0, 2), ...ending()];

/** Types a line, and answers with all that came of it. */
export async function typed(
  line: string,
  script: Script = { story: wholeStory },
  changes: Partial<Surroundings> = {},
) {
  const world = collectedSurroundings(script, changes);
  const exitCode = await main(line.split(" ").filter(Boolean), world.surroundings);
  const { asked, planned, assembled } = world;
  return { exitCode, out: world.stdout.text(), talk: world.stderr.text(), asked, planned, assembled };
}
