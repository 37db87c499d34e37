import { describe, expect, it } from "vitest";
import { script } from "../script.ts";

type Options = Partial<Parameters<typeof script>[0]>;
const reader = (options: Options) => script({ command: "train", ...options }).progress();

/** Each part of progress in a word: `2/3` for an epoch that goes on, `2/3!` for a complete one, then its metrics. */
function read(options: Options, log: string): readonly string[] {
  const progress = reader(options);
  return log
    .split(/(?<=\n)/)
    .flatMap((line) => progress.text(line))
    .map(({ done, total, complete, metrics }) => {
      const figures = Object.entries(metrics).map(([key, value]) => ` ${key}=${value}`);
      return `${done}${total === undefined ? "" : `/${total}`}${complete ? "!" : ""}${figures.join("")}`;
    });
}

describe("the progress in a log", () => {
  it.each<[string, Options, string, readonly string[]]>([
    [
      "one line per epoch",
      { metric: ["acc=([0-9.]+)", "loss=(\\S+)"] },
      "Epoch 1/2 loss=1.5 acc=0.5\nEpoch 2/2 loss=1e-1 acc=.75.\n",
      ["1/2! acc=0.5 loss=1.5", "2/2! acc=0.75 loss=0.1"],
    ],
    [
      "metrics below the epoch",
      { metric: "val acc: ([0-9.]+)" },
      "epoch 1\nval acc: 0.5\nepoch 2\nval acc: 0.6\n",
      ["1", "1! acc=0.5", "2", "2! acc=0.6"],
    ],
    [
      "a line per batch: an epoch counts with its last figures",
      { metric: "loss: (\\S+)" },
      "Epoch: 1/3\nloss: 3\nloss: 2\nEpoch: 2/3\nloss: 1.5\nloss: 1\nEpoch: 3/3\nloss: 0.9\nloss: 0.8\n",
      ["1/3", "1/3! loss=3", "1/3! loss=2", "2/3", "2/3! loss=1", "3/3", "3/3! loss=0.9", "3/3! loss=0.8"],
    ],
    [
      "progress bars that start at epoch 0",
      { metric: "val_loss=([0-9.]+)" },
      "Epoch 0:  50%|##   | 1/2 [00:01]\rEpoch 0: 100%|####| 2/2 [00:01, val_loss=0.7]\nEpoch 1: 50%|# | 1/2 [00:01, val_loss=0.7]\rEpoch 1: 100%|##| 2/2 [val_loss=0.6]\n",
      ["1", "1! val_loss=0.7", "2 val_loss=0.7", "2! val_loss=0.6"],
    ],
    [
      "dictionaries with fractions of epochs",
      { metric: "'eval_loss': '?([0-9.]+)" },
      "{'loss': 0.7, 'epoch': 0.5}\n{'loss': 0.6, 'epoch': 1.0}\n{'eval_loss': '0.5', 'epoch': '1'}\n{'eval_loss': 0.4, 'epoch': 2.0}\n",
      ["1", "1", "1! eval_loss=0.5", "2! eval_loss=0.4"],
    ],
    [
      "steps by a pattern",
      { step: "it (\\d+) of (\\d+)", metric: "(?<a>\\d+) (?<b>\\d+)$" },
      "it 10 of 20: 5 6\nit 20 of 20: 7 8\n",
      ["10/20! a=5 b=6", "20/20! a=7 b=8"],
    ],
    ["no epochs: each line is one", { metric: "r2 (\\S+)" }, "r2 0.5\nr2 0.6\n", ["1! r2=0.5", "2! r2=0.6"]],
    ["no metrics", {}, "Epoch 1/2\nEpoch 2/2\n", ["1/2", "1/2!", "2/2"]],
    [
      "figures that no metric names: the epoch is over with them",
      {},
      "Epoch 1/2 loss 0.5\nEpoch 2/2, loss: 0.4\n",
      ["1/2!", "2/2!"],
    ],
    [
      "colors",
      { metric: "acc=(\\S+)" },
      "\u001b[1mEpoch 1/1\u001b[0m acc=\u001b[32m0.5\u001b[0m\n",
      ["1/1! acc=0.5"],
    ],
    [
      "figures that are none",
      { metric: "loss=(\\S+)" },
      "Epoch 1 loss=nan\nEpoch 2 loss=x\n",
      ["1", "1!", "2"],
    ],
    [
      "an epoch that is counted from 0",
      { countFrom: 0, metric: "acc=(\\S+)" },
      "Epoch 4/9 acc=1\n",
      ["5/9! acc=1"],
    ],
  ])("is read from %s", (_, options, log, expected) => {
    expect(read(options, log)).toEqual(expected);
  });

  it("is read from long lines in a time that does not depend on the pattern", () => {
    const line = `${"a".repeat(1_000_000)}!\n`;
    // In JavaScript's own expressions this takes longer than the universe exists.
    expect(read({ metric: "x=((a+)+)+$|(?<x>(?:a|a)*b)".replace("x=((a+)+)+$|", "") }, line)).toEqual([]);
  });
});

describe("the progress in a file of JSON lines", () => {
  const readFile = (content: string, options: Options = {}) =>
    reader(options).file("/out/progress.jsonl", content);

  it("is read from each complete line, and the last one of an epoch counts", () => {
    const lines = [
      '{"epoch":1,"epochs":3,"metrics":{"loss":0.5,"note":"x"}}',
      "not JSON",
      "[1]",
      '{"loss":1}',
      '{"epoch":2,"epochs":3,"loss":0.4,"complete":false}',
      '{"epoch":2,"epochs":3,"loss":0.3}',
      '{"epoch":3,"epochs":3',
    ];
    expect(readFile(lines.join("\n"))).toEqual([
      { unit: "epoch", done: 1, total: 3, complete: true, metrics: { loss: 0.5 } },
      { unit: "epoch", done: 2, total: 3, complete: true, metrics: { loss: 0.3 } },
    ]);
  });

  it("counts from 0 if a 0 is seen, and takes steps", () => {
    expect(
      readFile('{"step":0,"acc":1}\n{"step":1,"acc":2}\n').map(({ unit, done }) => [unit, done]),
    ).toEqual([
      ["step", 1],
      ["step", 2],
    ]);
  });
});
