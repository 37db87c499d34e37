import { basename, relative } from "node:path";
import { type Plan, UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "../state/bounded.ts";
import { checkWritable, createOutputError, describeFileError } from "./check-writable.ts";
import { isFree, isHeld, type Reserver, reserve, reserveAsItIs } from "./reservation.ts";
import { readReservation } from "./reservation-file.ts";

const highestNumber = 10_000;
/** A receipt and a log of numbers at least, where the framework does not say how much. */
const leastResultBytes = 1e6;

/** What a plan says about the folder of the results. */
export type Output = Pick<Plan, "name" | "out" | "requestedOut" | "overwrites" | "resultBytes">;

/**
 * The folder for the results of a run: the requested one or, where that holds something already, the next free one
 * (`pallets-2`). A run that has its folder's name keeps to that. Creates nothing; `reserveOutput` does.
 *
 * @throws UnitrainError `OUTPUT_UNUSABLE`.
 */
export async function chooseOutput(requested: Output, reserver: Reserver): Promise<Output> {
  const { out, overwrites = false, resultBytes = leastResultBytes } = requested;
  await checkWritable(out, resultBytes);
  if (overwrites) {
    await withOutputErrors(out, async () => {
      if (await isHeld(out, reserver)) throw await createInUseError(out);
    });
    return requested;
  }
  return withOutputErrors(out, async () => {
    if (!(await isFree(out, reserver))) refuseWorkingFolder(out);
    return findUsableFolder(requested, 1, (folder) => isFree(folder, reserver));
  });
}

/**
 * Creates the folder that a plan names and reserves it until the run is over: two runs that are started at once get two
 * folders. Returns the plan with the folder that it really got.
 *
 * @throws UnitrainError `OUTPUT_UNUSABLE`.
 */
export async function reserveOutput(plan: Plan, reserver: Reserver): Promise<Plan> {
  const { out, requestedOut = out, overwrites = false, resultBytes = leastResultBytes } = plan;
  await checkWritable(out, resultBytes);
  return withOutputErrors(out, async () => {
    if (overwrites) {
      if (!(await reserveAsItIs(out, plan.runId, reserver))) throw await createInUseError(out);
      return plan;
    }
    const first = out === requestedOut ? 1 : Number(out.slice(requestedOut.length + 1));
    return findUsableFolder(plan, first, (folder) => reserve(folder, plan.runId, reserver));
  });
}

/** Of two runs that write into one folder at once, each would overwrite the other's model. */
async function createInUseError(out: string): Promise<UnitrainError> {
  const reservation = await readReservation(out);
  const whose =
    reservation === undefined || reservation === "unreadable"
      ? "another run"
      : `the run ${reservation.runId}`;
  return new UnitrainError(
    "OUTPUT_UNUSABLE",
    `The output folder ${out} is in use by ${whose}, which is not over.`,
    {
      hint: "Leave exist_ok out, and this run gets a folder of its own; or wait for the other run, or end it.",
      action: { type: "list-runs" },
      phase: "plan",
    },
  );
}

async function findUsableFolder<T extends Output>(
  from: T,
  firstNumber: number,
  canBeUsed: (folder: string) => Promise<boolean>,
): Promise<T> {
  const { name, out, requestedOut = out } = from;
  for (let number = firstNumber; number <= highestNumber; number += 1) {
    const folder = number === 1 ? requestedOut : `${requestedOut}-${number}`;
    if (!(await canBeUsed(folder))) continue;
    if (folder === out) return from;
    const renamed = name === basename(out) ? basename(folder) : name;
    return { ...from, name: renamed, out: folder, requestedOut };
  }
  throw createOutputError(out, `there are ${highestNumber} of that name already`);
}

/** A number behind the name of the folder that the user works in would put the results where nobody looks for them. */
function refuseWorkingFolder(out: string): void {
  const relativePath = relative(out, process.cwd());
  if (relativePath !== "" && (relativePath.startsWith("..") || relativePath === process.cwd())) return;
  throw new UnitrainError(
    "OUTPUT_UNUSABLE",
    `The output folder ${out} holds other files, and you work in it.`,
    {
      hint: "Name a folder of its own for the results.",
      action: { type: "set", option: "out" },
      phase: "plan",
    },
  );
}

async function withOutputErrors<T>(out: string, call: () => Promise<T>): Promise<T> {
  try {
    return await withinFileSystemTimeout(call());
  } catch (error) {
    throw UnitrainError.isInstance(error)
      ? error
      : createOutputError(out, describeFileError(error, out), error);
  }
}
