import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { type Emulator, startEmulator } from "../emulator.ts";
import { faultNames, faults } from "../faults/table.ts";
import { type Flags, readFault, readFlags, usage } from "./flags.ts";

/** The parts of a process that the emulator uses: the streams, and the signals that end it. */
export interface TerminalContext {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  once(signal: "SIGINT" | "SIGTERM" | "SIGHUP", end: () => void): unknown;
}

/** Times observed on the real cloud: 1 to 3 minutes until ACTIVE, 5 to 60 seconds until sshd. */
const realBoot = {
  buildMs: 90_000,
  activeToSshMs: 15_000,
  silentMs: 3_000,
  bootingUpMs: 7_000,
  terminateMs: 15_000,
};

/** Runs an emulator until it is stopped; resolves to the exit code. */
export async function runEmulator(words: readonly string[], context: TerminalContext): Promise<number> {
  const { stdout, stderr } = context;
  let emulator: Emulator;
  let flags: Flags;
  try {
    flags = readFlags(words);
    if (flags.show !== undefined) {
      stdout.write(flags.show === "help" ? usage : formatFaults());
      return 0;
    }
    const { folder, port, machines, share, random, boot } = flags;
    emulator = await startEmulator({
      folder,
      port,
      machines,
      share,
      random,
      ...(boot === "real" ? { boot: realBoot } : {}),
    });
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
  for (const order of flags.faults) emulator.inject(order);
  for (const [name, value] of Object.entries(emulator.variables)) stdout.write(`export ${name}=${value}\n`);
  stderr.write(`State folder: ${emulator.folder}. Press Ctrl-C to stop.\n`);
  await waitForEnd(emulator, context);
  await emulator.close();
  stderr.write(formatBill(emulator));
  return 0;
}

function waitForEnd(emulator: Emulator, context: TerminalContext): Promise<void> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: context.stdin });
    const end = () => {
      lines.close();
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) context.once(signal, end);
    lines.on("line", (line) => {
      const answer = runCommand(emulator, line.trim());
      if (answer === "quit") end();
      else context.stderr.write(answer);
    });
  });
}

/** Runs a line from the terminal and returns the text to print. */
function runCommand(emulator: Emulator, line: string): string {
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
    const order = readFault(line.split(/[\s=]+/));
    emulator.inject(order);
    return `${order.fault}: ${faults[order.fault].description}\n`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n`;
  }
}

function formatFaults(): string {
  const width = Math.max(...faultNames.map((name) => name.length));
  return faultNames.map((name) => `${name.padEnd(width)}  ${faults[name].description}\n`).join("");
}

function formatBill(emulator: Emulator): string {
  const { entries, totalUsd } = emulator.bill();
  const rows = entries
    .filter(({ isForeign }) => !isForeign)
    .map(({ kind, name, seconds, usd, toMs }) => {
      return `${kind} ${name}: ${seconds} s, $${usd.toFixed(4)}${toMs === null ? ", still running" : ""}\n`;
    });
  return `${rows.join("")}total: $${totalUsd.toFixed(4)} (emulated, not charged)\n`;
}
