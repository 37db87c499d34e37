import { describe, expect, it } from "vitest";
import { rentQuestion } from "../src/plan/confirm-rental.ts";
import { createEnding, createEpochs, type EventScript } from "./event-script.ts";
import {
  createRentedBeginning,
  exampleOffers,
  listingProvider,
  rentedPlan,
  rentedReceipt,
} from "./rented.ts";
import { runCli } from "./run-cli.ts";

const adapters = { provider: listingProvider };
const eventScript: EventScript = [
  ...createRentedBeginning(0),
  ...createEpochs(1, 3, 3, 0, 2),
  ...createEnding(rentedReceipt),
];
const script = { plan: rentedPlan, eventScript, adapters };

describe("renting", () => {
  it("requires --yes and a limit if nobody can be asked, and requests nothing otherwise", async () => {
    const { limit: _, budgetUsd: _budget, ...unlimited } = rentedPlan;
    for (const [line, plan, missing] of [
      ["train ./shapes", rentedPlan, "Add --yes to rent it."],
      ["train ./shapes", unlimited, "Add --yes and --budget <usd>"],
      ["train ./shapes --yes", unlimited, "Add --budget <usd> for the total"],
      ["train ./shapes --no-input", rentedPlan, "Add --yes to rent it."],
      ["train ./shapes --json", rentedPlan, "Add --yes to rent it."],
    ] as const) {
      const { exitCode, stderr, calls } = await runCli(line, { ...script, plan });
      expect([line, exitCode]).toEqual([line, 2]);
      expect(stderr).toContain(missing);
      expect(calls).not.toContain("start");
    }
    expect((await runCli("train ./shapes --yes", script)).exitCode).toBe(0);
  });

  it("asks with the offer, the likely cost, the limit and who enforces it", () => {
    expect(rentQuestion(rentedPlan)).toBe(
      "swift-otter: canopywave H100-1 sequoia $2.25/h, likely $1.53 (high $2.74), limit $8.00 in all = 3h33m, kept by this computer and its guardian. Rent?",
    );
  });

  it("ends with the duration and cost of each phase beside the plan, and the released resources", async () => {
    const { out } = await runCli("train ./shapes --yes", script);
    const lines = out.split("\n");
    expect(
      lines.slice(
        lines.findIndex((line) => line.startsWith("PHASE")),
        -1,
      ),
    ).toEqual([
      "PHASE       TIME   COST  PLANNED",
      "boot       2m31s  $0.09     2.5m",
      "upload     3m02s  $0.11       3m  2.1 GB, 10,825 files; environment at the same time, 58s",
      "epochs    31m40s  $1.19      34m  50 epochs, 38s and $0.024 each",
      "finish       53s  $0.03     1.2m",
      "rounding          $0.01           whole billing ticks, or what is due at launch",
      "total     38m06s  $1.43    $1.53  limit $8.00; list price, the invoice decides",
      "! not counted because unknown: a charge at launch",
      expect.stringMatching(/^GONE {3}instance {2}7f3a91d2 {9}\d\d:42:57 {2}404 by id$/),
      expect.stringMatching(/^ {7}address {3}213\.181\.122\.171 {2}\d\d:43:02 {2}404 by id$/),
    ]);
  });
});

describe("plan of a rented machine", () => {
  it("shows offers, the predicted duration of each phase with its basis, the limit, and unknown costs", async () => {
    const { out } = await runCli("plan ./shapes --on canopywave", script);
    // Where the report of the findings lies is another test's matter.
    const lines = out.split("\n").filter((line) => !line.includes("Every finding:"));
    expect(lines.slice(3, -1)).toEqual([
      "  OFFER   REGION   GPUS         CPU     RAM    DISK  STOCK   $/H  LIKELY",
      "> H100-1  sequoia  1x H100 80G   20  200 GB  500 GB  yes    2.25   $1.53",
      "  H100-1  KEF-3    1x H100 80G   20  200 GB  500 GB  ?      2.25   $1.53",
      "  H100-4  sequoia  4x H100 80G   80  200 GB  500 GB  yes    9.00   $1.53",
      "PHASE         LOW  LIKELY  HIGH  BASIS",
      "boot           2m    2.5m    5m  12 boots seen from here",
      "upload       2.8m      3m    9m  2.1 GB at 92 Mbit/s, as in 3 uploads before",
      "environment   40s     58s    4m  a guess, beside the upload",
      "epochs        24m     34m   56m  a guess: no earlier run of this kind",
      "finish         1m    1.2m    3m  a guess",
      "total         30m     41m   73m  $1.12 / $1.53 / $2.74 at list price",
      "Limit  $8.00 in all = 3h33m; enforced by this computer and its guardian, but not while it sleeps",
      "Out    runs/detect/swift-otter",
      "From   command line: data, on",
      "       default: out, maxOutput",
      "! labels/train/0012.txt:3  a box ends outside of the image (1.012)",
      "! upfront charge unknown; if 24 h are billed at launch: $54.00",
      "Next   unitrain train ./shapes --on canopywave",
    ]);
  });

  it("works without a prediction and without a list of offers", async () => {
    const { prediction: _, ...plan } = rentedPlan;
    const { out } = await runCli("plan ./shapes", { plan });
    expect(out).toContain("> H100-1  sequoia  1x H100 80G   20  200 GB  500 GB  yes    2.25\n");
    expect(out).not.toContain("PHASE");
  });

  it("passes the upload speed to the plan", async () => {
    const { planned } = await runCli("plan ./shapes --uplink 92.5", script);
    expect(planned[0]?.uplinkMbps).toBe(92.5);
  });
});

describe("offers", () => {
  it.each([
    ["--gpu H1OO", 'No offer has the GPU "H1OO". Did you mean H100?'],
    ["--gpu l40", "Did you mean L40S?"],
    ["--gpu H1OO:4 --json", "Did you mean H100?"],
    ["--region sequia", 'No offer has the region "sequia". Did you mean sequoia?'],
  ])("are rejected for %j with: %s", async (line, sentence) => {
    const { exitCode, out, stderr } = await runCli(`offers ${line}`, { adapters });
    expect(exitCode).toBe(2);
    expect(out).toBe("");
    expect(line.includes("--json") ? JSON.parse(stderr).message : stderr).toContain(sentence);
  });

  it("are listed by price, each kind once, with the regions that have them in stock", async () => {
    const { out, exitCode } = await runCli("offers", { adapters });
    expect(exitCode).toBe(0);
    expect(out.split("\n").slice(0, -1)).toEqual([
      "OFFER   GPUS         CPU     RAM    DISK   $/H  IN STOCK",
      "L40S-1  1x L40S 48G   20  200 GB  500 GB  0.86  KEF-3",
      "H100-1  1x H100 80G   20  200 GB  500 GB  2.25  sequoia, KEF-3?, not KEF-1",
      "H100-4  4x H100 80G   80  200 GB  500 GB  9.00  sequoia",
    ]);
  });

  it.each([
    ["--gpu h100", 4],
    ["--gpu H100:4", 1],
    ["--gpus 2", 1],
    ["--max-price 1", 1],
    ["--region KEF-3", 2],
  ])("can be filtered by %s", async (flags, count) => {
    const { out } = await runCli(`offers --json ${flags}`, { adapters });
    expect(JSON.parse(out).offers).toHaveLength(count);
  });

  it("are rejected for a provider that rents nothing", async () => {
    const { offers: _, ...provider } = listingProvider;
    const { exitCode, stderr } = await runCli("offers --on local", { adapters: { provider } });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("--on canopywave");
  });

  it("are printed unchanged with --json", async () => {
    const { out } = await runCli("offers --json --max-price 1", { adapters });
    expect(JSON.parse(out).offers).toEqual([{ on: "canopywave", ...exampleOffers[0] }]);
  });
});

describe("orphaned runs", () => {
  it("are reported in one line by every command except gc", async () => {
    const line =
      "! No process was driving calm-heron, so the guardian does now. To see more: unitrain runs. To end: unitrain gc\n";
    expect((await runCli("runs", { alone: ["calm-heron"] })).stderr).toContain(line);
    expect((await runCli("plan ./shapes --json", { alone: ["calm-heron"] })).stderr).toContain(line);
    for (const quiet of ["gc", "completion bash", "--help"])
      expect((await runCli(quiet, { alone: ["calm-heron"] })).stderr).not.toContain("No process was driving");
  });
});

describe("gc --untracked", () => {
  const untracked = ["unitrain-a-1", "unitrain-b-1"].map((name, index) => ({
    kind: "instance",
    name,
    id: `id-${index}`,
    onRelease: "delete" as const,
  }));

  it("only lists resources with --dry-run", async () => {
    const { exitCode, out, calls } = await runCli("gc --untracked --on canopywave --dry-run", { untracked });
    expect(exitCode).toBe(4);
    expect(out).toContain("untracked: unitrain-a-1  instance id-0");
    expect(calls.some((call) => call.startsWith("end"))).toBe(false);
  });

  it.each(["gc --untracked", "gc --untracked --yes", "gc --untracked --json --all"])(
    "ends nothing that nobody chose: %s",
    async (line) => {
      const { exitCode, stderr, calls } = await runCli(line, { untracked });
      expect(exitCode).toBe(2);
      expect(stderr).toContain("--all");
      expect(calls.some((call) => call.startsWith("end"))).toBe(false);
    },
  );

  it("releases the named resources, and all only with --all", async () => {
    expect((await runCli("gc --untracked unitrain-b-1 --yes", { untracked })).calls).toContain(
      "end unitrain-b-1",
    );
    expect((await runCli("gc --untracked --all --yes", { untracked })).calls).toContain(
      "end unitrain-a-1 unitrain-b-1",
    );
  });

  it("exits with 4 if a release is not confirmed", async () => {
    const { exitCode, out } = await runCli("gc --untracked --all --yes", { untracked, staysId: "id-1" });
    expect(exitCode).toBe(4);
    expect(out).toContain("UNSURE  instance id-1: not confirmed gone; repeat: unitrain gc --untracked");
  });

  it("rejects an unknown name, and names without --untracked", async () => {
    expect((await runCli("gc --untracked mine --yes", { untracked })).stderr).toContain(
      'has the name or id "mine"',
    );
    expect((await runCli("gc swift-otter", { untracked })).exitCode).toBe(2);
  });
});

describe("gc", () => {
  it("shows id, price per hour, reason and next command while a release is not confirmed", async () => {
    const resource = { kind: "instance", name: "unitrain-a", id: "7f3a", onRelease: "delete" } as const;
    const runs = [
      {
        id: "r",
        name: "bold-ibex",
        state: "release-unconfirmed",
        phase: "teardown",
        createdAt: "2026-11-24T12:00:00.000Z",
        machine: "H100-1",
        provider: rentedPlan.provider,
        job: "detect",
        metrics: {},
        priceUsdPerHour: 2.25,
        unreleased: [resource],
        out: "/project",
      },
    ] as const;
    const { exitCode, out } = await runCli("gc", {
      runs,
      gc: { runs: ["r"], unconfirmed: [{ runId: "r", resource, reason: "HTTP 500" }] },
    });
    expect(exitCode).toBe(4);
    expect(out).toContain("! UNSURE  instance 7f3a of bold-ibex, perhaps $2.25/h\n          HTTP 500\n");
    expect(out).toContain("repeat until the release is confirmed: unitrain gc");
  });

  it("exits with 4 if the records of a run cannot be read, and explains how to search", async () => {
    const unreadable = [
      {
        runId: "r",
        name: "bold-ibex",
        problem: { kind: "unreadable", file: "/s/ledger.jsonl", message: "It is a folder." },
        mayCost: [],
        provider: "canopywave",
        priceUsdPerHour: 2.25,
      },
    ] as const;
    const { exitCode, out } = await runCli("gc", { gc: { unreadable } });
    expect(exitCode).toBe(4);
    expect(out).not.toContain("that costs money is left");
    expect(out).toContain("! UNREADABLE  bold-ibex: /s/ledger.jsonl: It is a folder.");
    expect(out).toContain("It is unknown what it rented; it may still cost $2.25/h.");
    expect(out).toContain("unitrain gc --untracked --on canopywave");
    const json = await runCli("gc --json", { gc: { unreadable } });
    expect(json.exitCode).toBe(4);
    expect(JSON.parse(json.out).unreadable).toEqual(unreadable);
  });
});
