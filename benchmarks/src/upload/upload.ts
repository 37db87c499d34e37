import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeLink, findMissing, type Link, runInNamespace, withLink } from "../link/link.ts";
import { type Contender, measureAll } from "../measure-all.ts";
import { writeResult } from "../results.ts";
import type { Bench } from "../server.ts";
import { fastPut, findInstalled, type Peer, rclone, rsync, scp, tar } from "./peers.ts";
import { changeImages, type FileSet, writeImages, writeSmallFiles } from "./sets.ts";
import { shipWithUnitrain } from "./unitrain.ts";

/** What is on the machine before: nothing, all files, or all with another content of every hundredth image. */
type Before = "first" | "again" | "changed";

interface Case {
  readonly link: Link;
  readonly set: "images" | "small files" | "sample";
  readonly before: Before;
  readonly peers: readonly Peer[];
  readonly rounds: number;
}

/** The smallest set for what sends one file after the other: 201 files. Its time grows with their number. */
const slow = { set: "sample", before: "first", peers: [rsync, rclone, scp, fastPut], rounds: 0 } as const;
const images = { set: "images", rounds: 5 } as const;

const cases: Readonly<Record<string, Case>> = {
  "100mbit-50ms": {
    ...images,
    link: { rateMbit: 100, roundTripMs: 50 },
    before: "first",
    peers: [rsync, tar],
    rounds: 3,
  },
  "100mbit-50ms-sample": { ...slow, link: { rateMbit: 100, roundTripMs: 50 } },
  "100ms": { ...images, link: { roundTripMs: 100 }, before: "first", peers: [rsync, tar] },
  "100ms-again": { ...images, link: { roundTripMs: 100 }, before: "again", peers: [rsync] },
  "100ms-changed": { ...images, link: { roundTripMs: 100 }, before: "changed", peers: [rsync] },
  "1gbit-20ms-small-files": {
    link: { rateMbit: 1_000, roundTripMs: 20 },
    set: "small files",
    before: "first",
    peers: [rsync, tar],
    rounds: 3,
  },
  loopback: { ...images, link: { roundTripMs: 0 }, before: "first", peers: [rsync, tar] },
};

/** Compares uploads to other tools on several links. `only` names one case. Writes `benchmarks/RESULTS.md`. */
export async function upload(only?: string): Promise<void> {
  if (only !== undefined && cases[only] === undefined)
    throw new Error(`Unknown case ${only}. Use one of ${Object.keys(cases).join(", ")}.`);
  const chosen = Object.entries(cases).filter(([name]) => only === undefined || name === only);
  for (const [name, chosenCase] of chosen) await runCase(name, chosenCase);
}

async function runCase(name: string, { link, set: kind, before, peers, rounds }: Case): Promise<void> {
  const missing = findMissing(link);
  if (missing !== undefined) {
    console.log(`${name} is left out: ${describeLink(link)} cannot be made here, because ${missing}.`);
    return;
  }
  if (await runInNamespace(link, [`upload/${name}`])) return;
  const folder = await mkdtemp(join(tmpdir(), "unitrain-benchmark-"));
  try {
    let set = await (kind === "small files"
      ? writeSmallFiles(folder)
      : writeImages(folder, kind === "sample" ? 100 : 1_000));
    const installed = findInstalled(peers);
    await withLink(link, async (bench) => {
      const ours: Contender = {
        name: "unitrain",
        async prepare() {
          if (before === "first") await bench.forget();
          if (before === "changed") set = await changeImages(set);
        },
        run: async () => void (await shipWithUnitrain(bench, set.entries)),
      };
      if (before !== "first") await shipWithUnitrain(bench, set.entries);
      const others = installed.map((peer) => createContender(bench, peer, before, () => set));
      const figures = await measureAll([ours, ...others], rounds);
      await writeResult({
        name,
        title: `${describeLink(link)}: ${set.name}, ${titles[before]}`,
        figures,
        rounds,
        bytes: set.bytes,
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const titles: Readonly<Record<Before, string>> = {
  first: "first upload",
  again: "again, unchanged",
  changed: "again, 1 % of the images changed",
};

function createContender(bench: Bench, peer: Peer, before: Before, getSet: () => FileSet): Contender {
  const target = join(bench.server.home, "peer", peer.name.replaceAll(/\W+/g, "-"));
  return {
    name: peer.name,
    async prepare() {
      if (before === "first") await rm(target, { recursive: true, force: true });
      await mkdir(target, { recursive: true });
    },
    run: () => peer.upload(bench, getSet(), target),
  };
}
