import type { Finding, Plan } from "@unitrain/core";
import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { examplePlan } from "../../../test/event-script.ts";
import { joinText } from "./line.ts";
import { renderPlan } from "./plan.ts";
import { shortenPath } from "./short-path.ts";

const lines = (plan: Plan, width = 80, all = false) =>
  renderPlan(plan, { folder: "/project", width, all, settingsOutsideTraining: new Set(["out"]) }).map(
    joinText,
  );

describe("renderPlan", () => {
  it("fits in 80 columns", () => {
    expect(lines(examplePlan)).toEqual([
      "Run    swift-otter",
      "Data   128 train + 32 val, 2 classes   320 files, 1.2 MB   ok, 1 warning",
      "Job    detect yolo11n.yaml epochs=12 imgsz=128 batch=8",
      "On     this computer, 2 CPUs, 25 GB RAM, 41.2 GB disk free",
      "Price  nothing: a machine of your own",
      "Out    runs/detect/swift-otter",
      "! labels/train/0012.txt:3  a box ends outside of the image (1.012)",
    ]);
  });

  it("shows the connection to the machine if it is not direct", () => {
    const plan = {
      ...examplePlan,
      connection: "over the ssh program because of the certificate /k-cert.pub",
    };
    expect(lines(plan)[4]).toBe("       over the ssh program because of the certificate /k-cert.pub");
  });

  it("shows the source of each value, and a table with --verbose, with the annotations of each class", () => {
    const sources = [
      { name: "data", value: "./shapes", source: "command line" },
      { name: "epochs", value: "12", source: "unitrain.config.ts" },
      { name: "model", value: "yolo11n.yaml", source: "unitrain.config.ts" },
      { name: "on", value: "local", source: "default" },
    ];
    const classes = [
      { name: "square", train: 0, val: 3 },
      { name: "circle", train: 1204, val: 0 },
    ];
    const plan = { ...examplePlan, data: { ...examplePlan.data, classes }, findings: [] };
    const shown = (all: boolean) =>
      renderPlan(plan, { folder: "/project", width: 80, all, sources }).map(joinText);
    expect(shown(false).slice(6)).toEqual([
      "From   command line: data",
      "       unitrain.config.ts: epochs, model",
      "       default: on",
    ]);
    expect(shown(true).slice(6)).toEqual([
      "",
      "CLASS   TRAIN  VAL",
      "circle  1,204    0  not in val",
      "square      0    3  no training data",
      "",
      "SETTING  VALUE         FROM",
      "data     ./shapes      command line",
      "epochs   12            unitrain.config.ts",
      "model    yolo11n.yaml  unitrain.config.ts",
      "on       local         default",
      "",
    ]);
  });

  it("shows the defaults of the training", () => {
    const settings = [
      { name: "task", value: "detect", source: "default" },
      { name: "epochs", value: 12, source: "command line" },
      { name: "imgsz", value: 640, source: "default" },
      { name: "optimizer", value: "auto", source: "default" },
      { name: "out", value: "runs/<task>/<name>", source: "default" },
    ];
    const plan = { ...examplePlan, settings };
    expect(lines(plan)[3]).toBe("       defaults: imgsz=640 optimizer=auto");
    const sources = [{ name: "epochs", value: "12", source: "command line" }];
    const table = renderPlan(plan, {
      folder: "/project",
      width: 80,
      all: true,
      sources,
      settingsOutsideTraining: new Set(["out"]),
    }).map(joinText);
    expect(table).toContain("imgsz      640     default");
  });

  it("explains why the results go to another folder, and that they overwrite others", () => {
    const out = (changes: Partial<Plan>) =>
      lines({ ...examplePlan, ...changes }).find((line) => line.startsWith("Out"));
    const [requestedOut, next] = ["/project/runs/detect/pallets", "/project/runs/detect/pallets-2"];
    expect(out({ out: next, requestedOut })).toBe(
      "Out    runs/detect/pallets-2   (runs/detect/pallets is not empty)",
    );
    expect(out({ out: requestedOut, overwrites: true })).toBe(
      "Out    runs/detect/pallets   existing results are overwritten (exist_ok)",
    );
  });

  it("shows the names of variables and secrets without their values", () => {
    const plan = { ...examplePlan, env: { LEVEL: "high" }, secrets: ["WANDB_API_KEY"] };
    expect(lines(plan)).toContain("Env    LEVEL   secret: WANDB_API_KEY");
  });

  it("wraps in a narrow terminal", () => {
    for (const line of lines(examplePlan, 40)) expect(stringWidth(line)).toBeLessThanOrEqual(40);
  });

  it("shows findings by kind, errors first, with three examples from different files", () => {
    const warnings = Array.from(
      { length: 20 },
      (_, n): Finding => ({
        kind: "numbers",
        severity: "warning",
        file: `${Math.floor(n / 4)}.txt`,
        line: 1 + (n % 4),
        message: "odd",
      }),
    );
    const plan = {
      ...examplePlan,
      findings: [
        ...warnings,
        { kind: "splits", severity: "error", file: "data.yaml", message: "no val" },
      ] as const,
    };
    expect(lines(plan).slice(6)).toEqual([
      "x data.yaml  no val",
      "! numbers: 20 rows in 5 files",
      "    0.txt:1  odd",
      "    1.txt:1  odd",
      "    2.txt:1  odd",
      "    and 17 more",
    ]);
    expect(lines(plan, 80, true).slice(6)).toHaveLength(22);
    const report = "/state/findings/1.json";
    expect(renderPlan(plan, { folder: "/project", width: 80, report }).map(joinText).at(-1)).toBe(
      "  Every finding: /state/findings/1.json",
    );
  });

  it("never shows an unknown charge as zero", () => {
    const rented: Plan = {
      ...examplePlan,
      provider: { name: "cloud", ownership: "rented" },
      quote: { ...examplePlan.quote, priceUsdPerHour: 2.25, upfrontUsd: "unknown", otherUsdPerHour: 0.02 },
      budgetUsd: 8,
      maxHours: 3,
    };
    expect(lines(rented).join("\n")).toContain(
      "Price  $2.25/h, $0.02/h for storage and address, an unknown charge at launch",
    );
    expect(lines(rented).join("\n")).toContain("Limit  $8.00 in all or 3 hours");
    const limited = { ...rented, limit: { seconds: 12_780, heldBackSeconds: 180 } };
    expect(lines(limited, 200).join("\n")).toContain(
      "Limit  $8.00 in all or 3 hours = 3h33m; enforced by this computer and its guardian, but not while it sleeps",
    );
  });

  it("shows no escape codes that a dataset brought along", () => {
    const plan = {
      ...examplePlan,
      findings: [{ kind: "a", severity: "warning", file: "\u001b[2Jx", message: "\u0007y" }],
    } as const;
    expect(lines(plan).at(-1)).toBe("! x  y");
  });
});

describe("shortenPath", () => {
  it("makes a path relative only below the working folder", () => {
    expect(shortenPath("/project/runs/a", "/project")).toBe("runs/a");
    expect(shortenPath("/other/a", "/project")).toBe("/other/a");
    expect(shortenPath("/project", "/project")).toBe("/project");
    expect(shortenPath("/project/..a", "/project")).toBe("..a");
  });
});
