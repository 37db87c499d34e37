import type { BeginningRun, RetryingRun } from "./attempts.ts";
import type { LinkedRun } from "./link/machine-link.ts";
import type { RunWithEndedJob } from "./steps/assert-job-succeeded.ts";
import type { FirstConnectingRun } from "./steps/connect.ts";
import type { SavingOutputRun } from "./steps/download-artifacts.ts";
import type { InstallingRun } from "./steps/environment.ts";
import type { FinishingRun } from "./steps/finish.ts";
import type { FittingRun } from "./steps/fit.ts";
import type { RentingRun } from "./steps/lease.ts";
import type { ShippingRun } from "./steps/ship.ts";
import type { StartingRun } from "./steps/start-job.ts";
import type { EndingRun } from "./steps/teardown.ts";
import type { TrainingRun } from "./steps/train.ts";

/**
 * A run that this process drives: everything that its steps take. Each process creates one for each run. Only what decides the
 * order of the steps takes it whole.
 */
export type ActiveRun = BeginningRun &
  RentingRun &
  LinkedRun &
  FirstConnectingRun &
  FittingRun &
  ShippingRun &
  InstallingRun &
  StartingRun &
  TrainingRun &
  RunWithEndedJob &
  SavingOutputRun &
  RetryingRun &
  EndingRun &
  FinishingRun;
