import type { RunContext } from "@unitrain/core/spec";

/** What one try to connect needs to know of a run. */
export type ConnectContext = Pick<RunContext, "folder" | "leaseId" | "signal" | "showStatus">;
