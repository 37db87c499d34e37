import { describe, expect, it } from "vitest";
import { script } from "../script.ts";

const create = (options: object) => script({ command: "python train.py", ...options });

describe("the options", () => {
  it.each<[object, string, string]>([
    [{ command: undefined }, "No command was named", "--command 'python train.py'"],
    [{ command: " " }, 'command is " ": must not be empty', "Correct it"],
    [{ epochs: 3 }, "epochs is not an option of this framework", "belong into its command"],
    [{ metric: "acc=[0-9" }, "cannot be used as a regular expression: ", "plain expression in quotes"],
    [
      { metric: "(?<=acc=)(\\d+)" },
      "cannot be used as a regular expression: ",
      "Lookarounds and backreferences",
    ],
    [{ metric: "(\\w)\\1" }, "cannot be used as a regular expression: ", "Lookarounds and backreferences"],
    [{ metric: `a${"b".repeat(1_000)}(c)` }, "it is longer than 1000 characters", "plain expression"],
    [{ metric: "acc=" }, "has no group", "'acc=([0-9.]+)'"],
    [{ metric: "(\\d+) (\\d+)" }, "has 2 groups without names", "(?<acc>[0-9.]+)"],
    [{ metric: "([0-9.]+)" }, "does not say its name", "(?<acc>[0-9.]+)"],
    [{ epoch: "Epoch \\d+" }, "which has no group", '"epoch (\\d+)/(\\d+)"'],
    [{ epoch: "(a)", step: "(b)" }, "epoch and step are both set", "Leave one out"],
    [{ better: "up" }, 'better is "up"', "Correct it"],
    [{ countFrom: 2 }, "countFrom is 2: must be 0 or 1", "Correct it"],
    [{ artifact: "/tmp/*.pt" }, "which is not relative", "{output}"],
    [{ artifact: ["a", "../out/*.pt"] }, "which leaves the folder", "`out/*.pt`"],
    [{ python: "3.12; rm" }, "must be a version such as 3.12", "Correct it"],
    [{ command: "python t.py {checkpoint}" }, "there is none to begin from", "--resume-from"],
    [{ resumeCommand: "python t.py" }, "does not say where the checkpoint goes", "Write {checkpoint} in it"],
  ])("%j are refused: %s", (options, message, hint) => {
    expect(() => create(options)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTIONS",
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      }),
    );
  });

  it.each([
    [{ metric: "acc=([0-9.]+)" }, "acc", "higher"],
    [{ metric: "'eval_loss': ([0-9.]+)" }, "eval_loss", "lower"],
    [{ metric: "val\\.loss:\\s+(\\S+)" }, "val.loss", "lower"],
    [{ metric: ["f1", "loss"] }, "f1", "higher"],
    [{ metric: "(?P<rmse>\\d+)" }, "rmse", "lower"],
    [{ metric: "score=(\\d+)", better: "lower" }, "score", "lower"],
  ])("%j: %s decides, %s is better", (options, key, better) => {
    expect(create(options).describe().metrics?.deciding).toEqual({ key, better });
  });

  it("show all metrics by their names if none is named", () => {
    expect(create({}).describe().metrics).toBeUndefined();
  });
});
