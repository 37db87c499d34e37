import * as faults from "../../faults/ssh-faults.ts";
import type { CallName, CallRequest } from "../http/call.ts";
import type { World } from "../world/world.ts";
import { findInstance } from "./kind.ts";

/** What can happen on the way into an instance; chosen when it is launched. */
export const sshFaults = faults.sshFaults<CallName, World, CallRequest>(["launch"], findInstance);
