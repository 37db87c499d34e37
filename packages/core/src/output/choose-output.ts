import { basename, relative } from "node:path";
import { type Plan, UnitrainError } from "../spec/index.ts";
import { withinFileSystemTimeout } from "../state/bounded.ts";
import { checkWritable, createOutputError, describeFileError } from "./check-writable.ts";
import { isFree, isHeld, type Reserver, reserve, reserveAsItIs } from "./reservation.ts";
import { readReservation } from "./reservation-file.ts";

const highestNumber = 10_000;
/** The space for a receipt and a log, if the framework does not estimate the size of the results. */
const leastResultBytes = 1e6;

/** The part of a plan that is about the folder of the results. */
export type Output = Pick<Plan, "name" | "out" | "requestedOut" | "overwrites" | "resultBytes">;

/**
 * Chooses the folder for the results of a run: the requested one or, if that has content, the next free one (`pallets-2`). A run that
 * is named after its folder gets the name of the chosen folder. It creates nothing; `reserveOutput` does.
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
 * Creates the folder that a plan names and reserves it until the run is over, so that two runs that are started at the same time get
 * two folders. Returns the plan with the folder that it got.
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

/** Creates the error for a folder that another run is using: each run would overwrite the model of the other. */
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
      hint: "Leave exist_ok out to use another folder, wait for the other run, or stop it.",
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

/** Refuses the working folder and its parents: in a folder with a number behind that name, nobody would look for the results. */
function refuseWorkingFolder(out: string): void {
  const relativePath = relative(out, process.cwd());
  if (relativePath !== "" && (relativePath.startsWith("..") || relativePath === process.cwd())) return;
  throw new UnitrainError(
    "OUTPUT_UNUSABLE",
    `The output folder ${out} cannot be used: it holds other files and is your working folder, or a parent of it.`,
    {
      hint: "Choose an empty folder for the results.",
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
