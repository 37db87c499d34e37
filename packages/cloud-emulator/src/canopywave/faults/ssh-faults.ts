import * as faults from "../../faults/ssh-faults.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import type { CallName, CallRequest } from "../http/call.ts";
import { findInstance } from "./kind.ts";

/** What can happen on the way into an instance; chosen when it is launched. */
export const sshFaults = faults.createSshFaults<CallName, EmulatedCloud, CallRequest>(
  ["launch"],
  findInstance,
);
