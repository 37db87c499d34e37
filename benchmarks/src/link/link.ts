import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatKnownHostsLine } from "../../../packages/transport-ssh/test/keys.ts";
import { type Bench, createBench } from "../server.ts";
import { createLinkedNamespaces, farAddress, findMissingRight } from "./namespaces.ts";
import { startProgram } from "./program.ts";

/** How fast and how far the machine is. Without a rate, the processors are the limit. */
export interface Link {
  readonly rateMbit?: number;
  readonly roundTripMs: number;
}

export function describeLink({ rateMbit, roundTripMs }: Link): string {
  const rate = rateMbit === undefined ? "no limit of the rate" : `${rateMbit} Mbit/s`;
  return `${rate}, ${roundTripMs} ms round trip`;
}

/** Returns why a link cannot be made on this computer, or undefined if it can. */
export function findMissing({ rateMbit }: Link): string | undefined {
  return rateMbit === undefined ? undefined : findMissingRight();
}

/** Set in a process that runs in the near namespace: the name of the far one. */
const farVariable = "UNITRAIN_BENCHMARK_FAR";

const endSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs a case of a benchmark again, in a process inside the near namespace of its link. Returns false if the link has no rate, or this
 * process is there already: the case is then measured here.
 */
export async function runInNamespace({ rateMbit }: Link, words: readonly string[]): Promise<boolean> {
  if (rateMbit === undefined || process.env[farVariable] !== undefined) return false;
  const { near, far, remove } = createLinkedNamespaces(rateMbit);
  try {
    const program = [...process.execArgv, ...process.argv.slice(1, 2), ...words];
    const child = spawn("ip", ["netns", "exec", near, process.execPath, ...program], {
      stdio: "inherit",
      env: { ...process.env, [farVariable]: far },
    });
    const exited = once(child, "exit");
    // The namespaces are removed in any case, so a signal ends the child first.
    const end = () => void child.kill();
    for (const signal of endSignals) process.on(signal, end);
    const [code] = await exited;
    for (const signal of endSignals) process.off(signal, end);
    if (code !== 0) throw new Error(`the benchmark ${words.join(" ")} ended with ${code}`);
    return true;
  } finally {
    remove();
  }
}

/**
 * Runs a real sshd at the other end of a link. Its rate is that of network devices (`tbf`), its delay that of a proxy, because few
 * kernels have `netem`. Everything is removed afterwards.
 */
export async function withLink(link: Link, use: (bench: Bench) => Promise<void>): Promise<void> {
  const { rateMbit, roundTripMs } = link;
  const ends: (() => unknown)[] = [];
  try {
    const far = rateMbit === undefined ? undefined : process.env[farVariable];
    if (rateMbit !== undefined && far === undefined) throw new Error("call runInNamespace() first");
    const prefix = far === undefined ? [] : ["ip", "netns", "exec", far];
    const server = await startProgram("far-server.ts", far === undefined ? [] : [farAddress], prefix);
    ends.push(server.end);
    const { root, home, port, user, keyFile, hostKey } = JSON.parse(server.line);
    const heldBytes = calculateHeldBytes(link);
    const hop = [far === undefined ? "127.0.0.1" : farAddress, port, roundTripMs / 2, heldBytes].map(String);
    const proxy =
      roundTripMs === 0 && far === undefined ? undefined : await startProgram("delay-proxy.ts", hop);
    if (proxy !== undefined) ends.push(proxy.end);
    const nearPort = proxy === undefined ? port : Number(proxy.line);
    const knownHostsFile = join(root, "known_hosts");
    await writeFile(knownHostsFile, formatKnownHostsLine(nearPort, hostKey));
    const machine = { connectionKind: "ssh", host: "127.0.0.1", port: nearPort, user } as const;
    const place = { root, home, port: nearPort, user, keyFile, knownHostsFile, machine };
    await use(createBench(place, (end) => ends.push(end)));
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

/** Twice what is on its way at full rate, as a device with a usual buffer holds. */
function calculateHeldBytes({ rateMbit = 4_000, roundTripMs }: Link): number {
  return Math.max(256 * 1024, Math.round((rateMbit * 1e6 * roundTripMs) / 8_000) * 2);
}
