import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type Flags, formatUsage, readFault, readFlags } from "./flags.ts";
import type { TerminalCloud, TerminalEmulator } from "./terminal-cloud.ts";

/** The parts of a process that the emulator uses: the streams, and the signals that end it. */
export interface TerminalContext {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  once(signal: "SIGINT" | "SIGTERM" | "SIGHUP", end: () => void): unknown;
}

/** Runs an emulator until it is stopped; resolves to the exit code. */
export async function runEmulator(
  cloud: TerminalCloud,
  words: readonly string[],
  context: TerminalContext,
): Promise<number> {
  const { stdout, stderr } = context;
  let emulator: TerminalEmulator;
  let flags: Flags;
  try {
    flags = readFlags(cloud, words);
    if (flags.show !== undefined) {
      stdout.write(flags.show === "help" ? formatUsage(cloud) : formatFaults(cloud));
      return 0;
    }
    const { folder, port, machines, share, random, boot } = flags;
    emulator = await cloud.start({
      folder,
      port,
      machines,
      share,
      random,
      ...(boot === "real" ? { boot: cloud.realBoot } : {}),
    });
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  for (const order of flags.faults) emulator.inject(order);
  for (const [name, value] of Object.entries(emulator.variables)) stdout.write(`export ${name}=${value}\n`);
  stderr.write(`State folder: ${emulator.folder}. Press Ctrl-C to stop.\n`);
  await waitForEnd(cloud, emulator, context);
  await emulator.close();
  stderr.write(formatBill(emulator));
  return 0;
}

function waitForEnd(
  cloud: TerminalCloud,
  emulator: TerminalEmulator,
  context: TerminalContext,
): Promise<void> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: context.stdin });
    const end = () => {
      lines.close();
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) context.once(signal, end);
    lines.on("line", (line) => {
      const answer = runCommand(cloud, emulator, line.trim());
      if (answer === "quit") end();
      else context.stderr.write(answer);
    });
  });
}

/** Runs a line from the terminal and returns the text to print. */
function runCommand(cloud: TerminalCloud, emulator: TerminalEmulator, line: string): string {
  if (line === "" || line === "quit") return line;
  if (line === "bill") return formatBill(emulator);
  if (line === "clear") {
    emulator.clearFaults();
    return "All faults are disarmed.\n";
  }
  if (line === "instances") {
    const ours = emulator.instances().filter(({ isForeign }) => !isForeign);
    return (
      ours.map(({ id, name, status }) => `${id} ${name} ${status}\n`).join("") || "No instance exists.\n"
    );
  }
  try {
    const order = readFault(cloud, line.split(/[\s=]+/));
    emulator.inject(order);
    return `${order.fault}: ${cloud.faults[order.fault]?.description}\n`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n`;
  }
}

function formatFaults({ faults }: TerminalCloud): string {
  const entries = Object.entries(faults).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, { description }]) => `${name.padEnd(width)}  ${description}\n`).join("");
}

function formatBill(emulator: TerminalEmulator): string {
  const { entries, totalUsd } = emulator.bill();
  const rows = entries
    .filter(({ isForeign }) => !isForeign)
    .map(({ kind, name, seconds, usd, toMs }) => {
      return `${kind} ${name}: ${seconds} s, $${usd.toFixed(4)}${toMs === null ? ", still running" : ""}\n`;
    });
  return `${rows.join("")}total: $${totalUsd.toFixed(4)} (emulated, not charged)\n`;
}
