export { type ChildExecutorOptions, childExecutor } from "./executor/child-executor.ts";
export type { ExecOptions, Execution, Executor, Exit } from "./executor/executor.ts";
export type { JobLauncher, LaunchedJob, LauncherState, PreparedJob, Shell } from "./job/launcher.ts";
export { setsid } from "./job/setsid.ts";
export { type TmuxOptions, tmux } from "./job/tmux.ts";
export { type PosixTransportOptions, posixTransport } from "./posix-transport.ts";
export { formatLoginCommand, quote, quoteAll } from "./script/quote.ts";
export type { ScriptInput } from "./script/script-input.ts";
