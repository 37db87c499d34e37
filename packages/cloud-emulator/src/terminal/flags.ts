import { parseArgs } from "node:util";
import type { TerminalCloud } from "./terminal-cloud.ts";

/** Returns the text of `--help`. */
export const formatUsage = ({ name, title }: TerminalCloud) => `Usage: unitrain-cloud-emulator ${name} [flags]

An emulated ${title} cloud on this computer. Nothing is rented, nothing is paid.

  --folder DIR        folder for its state, which it continues if it exists (default: ./${name}-emulator)
  --port N            port of the API on 127.0.0.1 (default: any free port)
  --machines KIND     real (default on Linux): instances are machines with sshd; none: only the API
  --boot SPEED        fast (default): about a second until login; real: minutes, as on the real cloud
  --share DIR[:TO]    a folder of this computer to mount read-only in every machine; may be repeated
  --fault NAME[=N]    injects a fault N times (default: once); may be repeated
  --seed N            random faults, the same ones for the same seed
  --chance P          probability of a fault per request, with --seed (default: 0.1)
  --list-faults       lists all faults with their descriptions
  --help

While it runs, type a fault's name (and how often), clear, instances, bill or quit.

Examples:
  unitrain-cloud-emulator ${name} --fault launch-answer-lost
  unitrain-cloud-emulator ${name} --machines none --seed 7 --chance 0.2
`;

/** A fault to inject, and how often. */
export interface TerminalFault {
  readonly fault: string;
  readonly times: number;
}

/** Parsed command line. */
export interface Flags {
  readonly folder: string;
  readonly port: number;
  readonly machines: "real" | "none";
  readonly boot: "fast" | "real";
  readonly share: readonly { readonly from: string; readonly to: string }[];
  readonly faults: readonly TerminalFault[];
  readonly random: { readonly seed: number; readonly chance: number } | undefined;
  readonly show: "help" | "faults" | undefined;
}

/** Parses the command line. Throws an `Error` for an invalid flag. */
export function readFlags(cloud: TerminalCloud, words: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...words],
    options: {
      folder: { type: "string", default: `${cloud.name}-emulator` },
      port: { type: "string", default: "0" },
      machines: { type: "string", default: process.platform === "linux" ? "real" : "none" },
      boot: { type: "string", default: "fast" },
      share: { type: "string", multiple: true, default: [] },
      fault: { type: "string", multiple: true, default: [] },
      seed: { type: "string" },
      chance: { type: "string", default: "0.1" },
      "list-faults": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const seed = values.seed === undefined ? undefined : parseNumber("--seed", values.seed, 0, 2 ** 32 - 1);
  return {
    folder: values.folder,
    port: parseNumber("--port", values.port, 0, 65_535),
    machines: parseChoice("--machines", values.machines, ["real", "none"]),
    boot: parseChoice("--boot", values.boot, ["fast", "real"]),
    share: values.share.map(readShare),
    faults: values.fault.map((word) => readFault(cloud, word.split("="))),
    random: seed === undefined ? undefined : { seed, chance: parseNumber("--chance", values.chance, 0, 1) },
    show: values.help ? "help" : values["list-faults"] ? "faults" : undefined,
  };
}

/** Parses a fault's name and the number of times to inject it. */
export function readFault(
  { faults }: Pick<TerminalCloud, "faults">,
  [name = "", times = "1"]: readonly string[],
): TerminalFault {
  if (!Object.hasOwn(faults, name))
    throw new Error(`Unknown fault ${name}. List all faults with --list-faults.`);
  return {
    fault: name,
    times: times === "always" ? Number.POSITIVE_INFINITY : parseNumber(name, times, 1, 1e9),
  };
}

function readShare(word: string): { readonly from: string; readonly to: string } {
  const [from = "", to = from] = word.split(":");
  return { from, to };
}

function parseNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= least && value <= most)) {
    throw new Error(`${name} must be a number from ${least} to ${most}, not ${text}.`);
  }
  return value;
}

function parseChoice<const Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new Error(`${name} must be ${words.join(" or ")}, not ${text}.`);
  return found;
}
