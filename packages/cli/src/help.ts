/** Below the help of each command: how it is used, to be copied. */
export const examples: Readonly<Record<string, string>> = {
  unitrain: `${block([
    ["unitrain plan ./pallets", "check it"],
    ["unitrain train ./pallets model=yolo11n.pt epochs=50", "train"],
    ["unitrain attach", "go on with it"],
  ])}
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 the training failed,
4 a machine may still cost money, 130 interrupted.
No telemetry. State lies in UNITRAIN_HOME, or in your system's place for it.
`,
  train: `${block([
    ["unitrain train ./pallets model=yolo11n.pt epochs=50 imgsz=640", ""],
    ["unitrain train detect train data=./pallets epochs=50", "as YOLO has it"],
    ["unitrain train ./pallets epochs=50 --detach", "leave it, attach later"],
    ["unitrain train ./pallets --json > events.jsonl", "for programs"],
  ])}
Ctrl-C before the training runs stops it and tidies up. Once it runs, it goes on
by itself, and "unitrain attach" comes back to it.
`,
  plan: block([
    ["unitrain plan ./pallets model=yolo11n.pt epochs=50", ""],
    ["unitrain plan ./pallets --verbose", "all that the check found"],
    ["unitrain plan ./pallets --json", "for programs"],
  ]),
  runs: block([
    ["unitrain runs", ""],
    ["unitrain runs --json", "for programs"],
  ]),
  logs: block([
    ["unitrain logs", "of the latest run"],
    ["unitrain logs swift-otter -f", "until it is over"],
  ]),
  attach: block([
    ["unitrain attach", "the latest run"],
    ["unitrain attach swift-otter", ""],
    ["unitrain attach 20261124-0015", "the beginning of an id is enough"],
  ]),
  stop: block([["unitrain stop swift-otter", ""]]),
  pull: block([["unitrain pull swift-otter", "its models as they are; it trains on"]]),
  gc: block([["unitrain gc", ""]]),
};

function block(lines: readonly (readonly [command: string, meaning: string])[]): string {
  const explained = lines.filter(([, meaning]) => meaning !== "");
  const width = Math.max(0, ...explained.map(([command]) => command.length));
  const rows = lines.map(([command, meaning]) =>
    meaning === "" ? command : `${command.padEnd(width)}   ${meaning}`,
  );
  return `\nExamples:\n${rows.map((row) => `  ${row}\n`).join("")}`;
}
