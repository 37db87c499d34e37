import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Flags } from "../flags.ts";
import { painted, widthOf } from "../render/line.ts";
import { runsTable } from "../render/runs-table.ts";
import type { Surroundings } from "../surroundings.ts";

/** What goes on and what is over, newest first. */
export async function runs(
  { json }: Flags,
  { engine, stdout, stderr, now }: Surroundings,
): Promise<ExitCode> {
  const known = await (await (await engine()).runs()).runs();
  if (json === true) stdout.write(`${JSON.stringify(known, null, 2)}\n`);
  else if (known.length === 0)
    stderr.write("No runs yet. One starts with: unitrain train ./pallets model=yolo11n.pt epochs=50\n");
  else {
    const width = widthOf(stdout);
    for (const line of painted(runsTable(known, width, now()), stdout, width)) stdout.write(`${line}\n`);
  }
  return exitCodes.done;
}
