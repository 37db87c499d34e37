import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Job, Session } from "@unitrain/core/spec";
import type { JobLauncher } from "@unitrain/transport-posix";
import { testContext } from "../../../packages/transport-posix/test/context.ts";
import { type OnEnd, testMachine } from "../../../packages/transport-posix/test/test-machine.ts";
import { sbatch } from "./sbatch-launcher.ts";

/** This computer as the login node of the cluster, with its own work folder. */
export interface ClusterSession {
  readonly session: Session;
  readonly job: Job;
  /** The job's folder. */
  readonly folder: string;
  /** Its name in the queue. */
  readonly slurmName: string;
  readonly launcher: JobLauncher;
  connect(launcher?: JobLauncher): Promise<Session>;
}

/** Creates a job that is not started yet, and ends it after the test. */
export async function clusterSession(
  isAtEnd: OnEnd,
  script: string,
  { options = [], nodes = 1 }: { readonly options?: readonly string[]; readonly nodes?: number } = {},
): Promise<ClusterSession> {
  const machine = await testMachine(isAtEnd);
  const launcher = sbatch({ options, pollSeconds: 0, filesDelayMs: 0 });
  const connect = (chosenLauncher = launcher) => machine.connect({ launchers: [chosenLauncher] });
  const session = await connect();
  const id = `test-${randomBytes(6).toString("hex")}`;
  const job: Job = {
    id,
    argv: ["sh", "-c", script],
    env: {},
    secrets: [],
    cwd: join(machine.root, "cwd"),
    watch: [],
    needs: { gpus: 0, nodes },
    title: "a test",
  };
  isAtEnd(() => session.stop(id, 0, testContext()));
  const folder = join(machine.workFolder, "jobs", id);
  return { session, job, folder, slurmName: `unitrain-${id}`, launcher, connect };
}
