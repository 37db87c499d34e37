import { afterAll, beforeAll } from "vitest";
import { type SlurmCluster, startSlurm } from "./slurm-cluster.ts";

/** Starts a cluster for the tests of a file; clients in this process find it by the environment. */
export function useSlurm(): () => SlurmCluster {
  let slurm: SlurmCluster | undefined;
  beforeAll(async () => {
    slurm = await startSlurm();
    Object.assign(process.env, slurm.env);
  });
  afterAll(() => slurm?.end());
  return () => {
    if (slurm === undefined) throw new Error("Slurm has not started yet.");
    return slurm;
  };
}
