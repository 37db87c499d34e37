import type { CliContext } from "../context/cli-context.ts";
import { type ExitCode, exitCodes } from "../context/exit-code.ts";
import { loadProject } from "../framework/load-project.ts";
import { filterOffers } from "../machines/offers/filter-offers.ts";
import { listOffers } from "../machines/offers/list-offers.ts";
import { refuseUnknownNames } from "../machines/offers/unknown-names.ts";
import type { Flags } from "../settings/flags.ts";
import { measureWidth } from "../terminal/render/line.ts";
import { renderOffers } from "../terminal/render/offers.ts";
import { writeJson, writeLines } from "../terminal/write.ts";

/** Lists the machines that a provider rents out, with their prices per hour and where they are in stock. Spends nothing. */
export async function offers(flags: Flags, context: CliContext): Promise<ExitCode> {
  const { engine, stdout, stderr } = context;
  const machine = await (await engine()).machine(await chooseMachine(flags, context));
  const all = await listOffers(machine, (message) => writeLines(stderr, [message]));
  const { gpu, gpus, region, maxPrice } = flags;
  refuseUnknownNames(all, { gpu, region });
  const fitting = filterOffers(all, {
    ...(gpu === undefined ? {} : { gpu }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(region === undefined ? {} : { region }),
    ...(maxPrice === undefined ? {} : { maxUsdPerHour: maxPrice }),
  });
  if (flags.json === true) writeJson(stdout, fitting, 2);
  else if (fitting.length === 0)
    writeLines(stderr, [`None of the ${all.length} offers matches. To list all: unitrain offers`]);
  else writeLines(stdout, renderOffers(fitting, measureWidth(stdout)));
  return exitCodes.done;
}

/** Returns the provider of the flag, or else a rented one of the configuration, or else CanopyWave. */
async function chooseMachine({ on, config }: Flags, { folder }: CliContext) {
  if (on !== undefined) return { on };
  const configured = (await loadProject({ config }, folder)).loaded?.config ?? {};
  const { provider, plugins = [] } = configured;
  if (provider?.offers !== undefined) return { on: "", provider, plugins };
  return { on: configured.on?.startsWith("canopywave") ? configured.on : "canopywave", plugins };
}
