import { expect, it } from "vitest";
import { createCollectingContext, createCollector } from "../../../test/collected.ts";
import { createBeginning, createEpochs } from "../../../test/event-script.ts";
import { createEvents } from "../../../test/events.ts";
import { createLiveScreen } from "./live-screen.ts";

it("erases the wrapped rows of the previous frame after a window was narrowed, even before Node knows the new size", async () => {
  const terminal = createCollector({ columns: 140 });
  let columns = 140;
  const stderr = Object.assign(terminal, {
    _refreshSize: () => void Object.assign(terminal, { columns }),
  });
  const { context } = createCollectingContext({}, { stderr });
  const screen = await createLiveScreen(context, {
    json: false,
    interruptHint: () => "Ctrl-C: leave it running",
  });
  const eventScript = [
    ...createBeginning(0),
    ...createEpochs(1, 1, 12, 0),
    ...createEpochs(2, 2, 12, 0).slice(0, 4),
  ];
  for (const event of createEvents(eventScript)) screen.show(event);
  await expect.poll(() => terminal.text()).toContain("epoch 2/12");
  const before = terminal.text().length;
  columns = 30;
  screen.print([["a line"]]);
  screen.close();
  const [erased = ""] = terminal.text().slice(before).split("a line");
  const rowsUp = erased.split("\u001b[1A").length - 1;
  // Two or three lines of up to 140 columns fill many rows of 30.
  expect(rowsUp).toBeGreaterThan(6);
});
