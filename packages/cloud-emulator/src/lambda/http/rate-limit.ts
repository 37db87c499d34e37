import type { Reply } from "../../http/reply.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createFailure } from "./answers.ts";
import type { CallRequest } from "./call.ts";

const betweenLaunchesMs = 12_000;

/** Refuses a launch less than 12 seconds after the last one, as the specification says. */
export function refuseTooManyLaunches(cloud: EmulatedCloud, { call }: CallRequest): Reply | undefined {
  if (call !== "launch" || !cloud.settings.limitsLaunches) return undefined;
  const now = cloud.clock.now();
  const { lastLaunchAtMs } = cloud.state;
  if (lastLaunchAtMs !== null && now - lastLaunchAtMs < betweenLaunchesMs) {
    return createFailure(429, "Too many requests.");
  }
  cloud.state.lastLaunchAtMs = now;
  return undefined;
}
