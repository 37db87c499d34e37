import type { PreloadedAdapters } from "../adapters/load-adapters.ts";
import type { Run } from "../api/run.ts";
import type { AttachOptions, Runs, RunsOptions } from "../api.ts";
import { follow } from "../follow/follower.ts";
import { guardianLock } from "../lease/guardian-lock.ts";
import { releaseLoneLease } from "../lease/release-lone-lease.ts";
import { ensureGuardian } from "../lease/start-guardian.ts";
import { getOutputFolder } from "../output/get-output-folder.ts";
import { systemPorts } from "../ports.ts";
import { collect } from "../recovery/gc/collect.ts";
import type { LoneLeaseOptions } from "../recovery/gc/collect-lone-leases.ts";
import { guard } from "../recovery/guardian/guard.ts";
import { startController } from "../run/controller.ts";
import { takeOver, takeOverToRelease } from "../run/take-over.ts";
import { type LockedRun, takeRun } from "../run/take-run.ts";
import { findSecrets } from "../secrets/find-secrets.ts";
import { UnitrainError } from "../spec/index.ts";
import { findRun } from "../state/find-run.ts";
import { getDefaultHome } from "../state/home.ts";
import { readLockState } from "../state/lock-state.ts";
import { createUnreadableError } from "../state/unreadable.ts";
import { getAccess } from "./access.ts";
import { askForSecrets, offerSecrets } from "./attach-secrets.ts";
import { removeRun } from "./remove-run.ts";
import { listSummaries, summarizeRun } from "./summary.ts";
import { listLeases, listUnattended } from "./unattended.ts";

/**
 * Opens the runs of this computer. It creates the adapters that their plans name, unless you pass them in `preloaded`.
 *
 * @example
 * ```ts
 * import { openRuns } from "@unitrain/core";
 *
 * for (const { name, state, out } of await openRuns().runs()) console.log(name, state, out);
 * ```
 */
export function openRuns(options: RunsOptions = {}, preloaded: PreloadedAdapters = {}): Runs {
  const home = options.home ?? getDefaultHome();
  const ports = { ...systemPorts, ...options.ports };
  const takeOrRelease =
    (takes: typeof takeOver) =>
    async ({ found, lock }: LockedRun, attach: Pick<AttachOptions, "secrets" | "signal"> = {}) => {
      try {
        return await takes({ ...options, home }, preloaded, {
          found,
          plan: requirePlan(found),
          lock,
          secrets: await findSecrets(home, found, attach.secrets),
          signal: attach.signal,
        });
      } catch (error) {
        await lock.release();
        throw error;
      }
    };
  const take = takeOrRelease(takeOver);
  const takeToRelease = takeOrRelease(takeOverToRelease);
  /** Continues a guardian that was suspended (`SIGSTOP`), if a run needs it. */
  const wakeStopped = async (isNeeded: boolean) => {
    const { holder = 0 } = isNeeded ? await readLockState(ports.locks, guardianLock(home)) : {};
    try {
      if (holder > 0 && holder !== process.pid) ports.wake(holder);
    } catch {
      // It has ended meanwhile, or belongs to another user.
    }
  };
  const releaseLease: LoneLeaseOptions["releaseLease"] = async (found, lock, showStatus) => {
    try {
      return await releaseLoneLease({ ...options, home }, preloaded.provider, found, showStatus);
    } finally {
      await lock.release();
    }
  };
  const startGuardian = () => ensureGuardian({ home, ...ports, command: options.guardian });
  return {
    runs: () => listSummaries(home, ports),
    leases: () => listLeases(home),
    async find(wanted) {
      const found = await findRun(home, wanted);
      return { ...(await summarizeRun(home, found, ports)), plan: requirePlan(found) };
    },
    async attach(wanted, attach = {}): Promise<Run> {
      const found = await findRun(home, wanted);
      const plan = requirePlan(found);
      const { state } = found.reading;
      const watch = () => follow(plan, found.folder, ports, getOutputFolder(plan, state));
      if (state.outcome !== undefined || attach.as === "follower") return watch();
      const here = { home, locks: ports.locks };
      const secrets = await askForSecrets(here, found, attach);
      const locked = await takeRun(ports.locks, found);
      if (locked !== undefined) {
        if ("problem" in locked) throw createUnreadableError(locked.problem);
        return startController(await take(locked, { ...attach, secrets }));
      }
      await offerSecrets(here, found, secrets);
      if (attach.as === undefined) return watch();
      const { holder = 0 } = await readLockState(ports.locks, found.folder.lock);
      const controller = holder > 0 ? `process ${holder}` : "another process";
      throw new UnitrainError(
        "RUN_BUSY",
        `Cannot attach as the controller: ${controller} drives ${plan.name}.`,
        {
          hint: 'Watch the run without `as: "controller"`, or end that process first.',
        },
      );
    },
    async access(wanted) {
      const found = await findRun(home, wanted);
      return getAccess({ ...options, home }, preloaded, found, requirePlan(found));
    },
    guard: (guardOptions = {}) =>
      guard({ home, ...ports, takeOver: takeToRelease, releaseLease, ...guardOptions }),
    async wakeGuardian() {
      const needing = await listUnattended(home, ports.clock.now());
      const locks = await Promise.all(needing.map(({ lock }) => readLockState(ports.locks, lock)));
      await wakeStopped(needing.length > 0);
      const alone = needing.filter(
        (_run, at) => locks[at]?.holder === undefined && locks[at]?.problem === undefined,
      );
      if (alone.length === 0) return { runs: [] };
      const guardian = await startGuardian();
      if ("missing" in guardian) return { runs: alone.map(({ name }) => name), missing: guardian.missing };
      // A guardian that lives is all that a kept machine needs.
      return { runs: alone.filter(({ isKept }) => !isKept).map(({ name }) => name) };
    },
    remove: (wanted) => removeRun(home, ports.locks, wanted),
    gc: (gcOptions = {}) =>
      collect({ home, ...ports, takeOver: takeToRelease, releaseLease, startGuardian, ...gcOptions }),
  };
}

function requirePlan(found: LockedRun["found"]) {
  const plan = found.reading.state.plan ?? found.hints.plan;
  if (plan !== undefined) return plan;
  const message = "It does not contain the run's plan, so the provider of the run is unknown.";
  throw createUnreadableError({ kind: "damaged", file: found.folder.ledger, message });
}
