import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Two network namespaces that are joined by a link of a limited rate, and by nothing else. */
export interface LinkedNamespaces {
  readonly near: string;
  readonly far: string;
  remove(): void;
}

/** The address of the far end. It is valid only inside the namespaces, so it cannot collide with an address of this computer. */
export const farAddress = "10.77.0.2";
const nearAddress = "10.77.0.1";
/** The name of the device at both ends. */
const device = "ut0";

/** Returns why this computer cannot limit the rate of a link, or undefined if it can. */
export function findMissingRight(): string | undefined {
  if (process.platform !== "linux") return "network namespaces exist only on Linux";
  if (process.getuid?.() !== 0) return "only root may create network namespaces";
  const missing = ["ip", "tc"].find((program) => spawnSync(program, ["-V"]).error !== undefined);
  return missing === undefined ? undefined : `${missing} is missing (Debian: apt-get install iproute2)`;
}

/**
 * Creates the namespaces. Both ends of the link are created inside them, never beside the devices of this computer: an address or a
 * route there could take traffic away from its own network.
 */
export function createLinkedNamespaces(rateMbit: number): LinkedNamespaces {
  const [near, far] = [`ut-near-${process.pid}`, `ut-far-${process.pid}`];
  // One burst covers the time between two ticks of the kernel's clock.
  const burst = `${Math.max(64, Math.ceil(rateMbit / 2))}kb`;
  const limit = ["root", "tbf", "rate", `${rateMbit}mbit`, "burst", burst, "latency", "50ms"];
  const remove = () => removeNamespaces([near, far]);
  removeNamespaces(listAbandoned());
  try {
    for (const name of [near, far]) run(["ip", "netns", "add", name]);
    run([
      "ip",
      "link",
      "add",
      "name",
      device,
      "netns",
      near,
      "type",
      "veth",
      "peer",
      "name",
      device,
      "netns",
      far,
    ]);
    for (const [name, address] of [
      [near, nearAddress],
      [far, farAddress],
    ] as const) {
      run(["ip", "-n", name, "addr", "add", `${address}/30`, "dev", device]);
      for (const each of ["lo", device]) run(["ip", "-n", name, "link", "set", each, "up"]);
      run(["tc", "-n", name, "qdisc", "add", "dev", device, ...limit]);
    }
  } catch (error) {
    remove();
    throw error;
  }
  return { near, far, remove };
}

/** Lists the namespaces of benchmarks that were killed before they could remove them. */
function listAbandoned(): readonly string[] {
  const { stdout } = spawnSync("ip", ["netns", "list"], { encoding: "utf8" });
  return [...stdout.matchAll(/^ut-(?:near|far)-(\d+)/gm)].flatMap(([name, pid]) =>
    existsSync(`/proc/${pid}`) ? [] : [name],
  );
}

function removeNamespaces(names: readonly string[]): void {
  for (const name of names) spawnSync("ip", ["netns", "del", name]);
}

function run([program = "", ...words]: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${words.join(" ")}: ${stderr.trim()}`);
}
