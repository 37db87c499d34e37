import type { RunContext } from "@unitrain/core/spec";

/** What one attempt to connect needs from the context of a run. */
export type ConnectContext = Pick<RunContext, "folder" | "leaseId" | "signal" | "showStatus">;
