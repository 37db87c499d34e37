import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCollectingContext } from "../../../test/collected.ts";
import { examplePlan } from "../../../test/event-script.ts";
import { scratchFolders } from "../../../test/scratch.ts";
import { main } from "../../main.ts";
import { cloudWords } from "../../modules/clouds.ts";
import { completionScripts } from "./scripts.ts";

const run = {
  id: examplePlan.runId,
  name: "swift-otter",
  state: "over",
  outcome: "completed",
  phase: "teardown",
  createdAt: "2026-11-24T12:00:00.000Z",
  machine: "this computer",
  provider: examplePlan.provider,
  job: examplePlan.job,
  metrics: {},
  unreleased: [],
  out: examplePlan.out,
} as const;

const scratch = scratchFolders();

async function words(line: string, folder = "/project"): Promise<string[]> {
  const env = { HOME: "/nonexistent", MY_LEVEL: "1" };
  const cli = createCollectingContext({ runs: [run] }, { env, folder });
  expect(await main(["__complete", line], cli.context)).toBe(0);
  return cli.stdout.text().split("\n").filter(Boolean);
}

describe("complete", () => {
  it.each([
    ["unitrain tr", ["train"]],
    ["unitrain train ./x ep", ["epochs="]],
    ["unitrain train ./x --framework y", ["yolo"]],
    ["unitrain y", ["yolo"]],
    ["unitrain train ./x epochs=5 epo", []],
    ["unitrain detect train data=x img", ["imgsz="]],
    ["unitrain train ./x --bu", ["--budget"]],
    ["unitrain train ./x --budget 5 --bu", []],
    ["unitrain train ./x --no-c", ["--no-config"]],
    ["unitrain train ./x --on ", ["local", ...cloudWords, "cheapest", "ssh://"]],
    ["unitrain train ./x --track w", ["wandb"]],
    ["unitrain train ./x --env MY", ["MY_LEVEL"]],
    ["unitrain train ./x task=s", ["task=segment"]],
    ["unitrain train ./x model=yolo11s.", ["model=yolo11s.pt", "model=yolo11s.yaml"]],
    ["unitrain train ./x model=./", []],
    ["unitrain train ./x --gpu H", ["H100", "H200"]],
    ["unitrain offers --gpu L4", ["L40S"]],
    ["unitrain attach ", ["swift-otter"]],
    ["unitrain attach swift-otter ", []],
    ["unitrain ssh swift-otter -- l", []],
    ["unitrain completion z", ["zsh"]],
    ["unitrain help do", ["doctor"]],
    ["unitrain train ", []],
    ["unitrain train ./pal", []],
    ["unitrain trian ./x ", []],
  ])("completes %j with %j", async (line, expected) => {
    expect(await words(line)).toEqual(expected);
  });

  it("completes --on with the providers that the project depends on", async () => {
    const folder = scratch();
    writeFileSync(
      join(folder, "package.json"),
      '{"devDependencies":{"unitrain-provider-desk":"1","other":"1"}}',
    );
    expect(await words("unitrain train ./x --on d", folder)).toEqual(["desk"]);
  });

  it("offers only words that are safe in a shell, because a package may have any name", async () => {
    const folder = scratch();
    const names = ["a$(touch owned)", "b;c", "d e", "f\u001b[2J", "g\nh", "i\u202e", "j`k`", "plain"];
    const dependencies = Object.fromEntries(names.map((name) => [`unitrain-provider-${name}`, "1"]));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
    expect(await words("unitrain train ./x --on ", folder)).toEqual([
      "local",
      ...cloudWords,
      "cheapest",
      "ssh://",
      "plain",
    ]);
  });

  it("runs no code of the folder, such as its configuration", async () => {
    const folder = scratch();
    const config =
      'import { writeFileSync } from "node:fs"; writeFileSync(new URL("ran", import.meta.url), "");';
    writeFileSync(
      join(folder, "unitrain.config.mjs"),
      `${config}\nexport default { framework: "./own.mjs" };`,
    );
    writeFileSync(
      join(folder, "unitrain.config.ts"),
      `${config}\nexport default { framework: "./own.mjs" };`,
    );
    expect(await words("unitrain train ./x --bu", folder)).toEqual(["--budget"]);
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  it("completes flags even if the named framework cannot be loaded", async () => {
    expect(await words("unitrain train ./x --framework ./gone.ts --bu")).toEqual(["--budget"]);
  });

  it("lists every command", async () => {
    expect(await words("unitrain ")).toEqual(
      expect.arrayContaining(["init", "doctor", "train", "ssh", "completion"]),
    );
  });

  it("returns only the part after = in bash, which splits words there", () => {
    const script = `unitrain() { printf '%s\\n' "train=$2|"; printf 'model=yolo11n.pt\\nmodel=yolo11s.pt\\n'; }
      ${completionScripts.bash}
      compopt() { :; }
      COMP_LINE='unitrain train ./x model=yo'; COMP_POINT=\${#COMP_LINE}
      _unitrain; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const printed = execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split("\n");
    expect(printed).toEqual(["train=unitrain train ./x model=yo|", "yolo11n.pt", "yolo11s.pt"]);
  });

  it.each(["bash", "zsh", "fish"])("prints the script for %s", async (shell) => {
    const cli = createCollectingContext({});
    expect(await main(["completion", shell], cli.context)).toBe(0);
    expect(cli.stdout.text()).toContain("unitrain __complete");
    expect(cli.stdout.text()).not.toContain("\\$");
  });

  it.each([
    ["completion", "There are completions for bash, zsh, fish."],
    ["completion fissh", "Did you mean fish?"],
  ])("rejects %j", async (line, hint) => {
    const cli = createCollectingContext({});
    expect(await main(line.split(" "), cli.context)).toBe(2);
    expect(cli.stderr.text()).toContain(hint);
  });
});
