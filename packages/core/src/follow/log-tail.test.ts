import { expect, test } from "vitest";
import { createLogTail } from "./log-tail.ts";

const after = (...texts: string[]) => {
  const tail = createLogTail();
  for (const text of texts) tail.add(text);
  return tail;
};

const bar = (done: number) =>
  `\r\u001b[K      1/3         0G      6.378      4.282         16        160: ${done * 25}% ${"━".repeat(done)}${"─".repeat(4 - done)} ${done}/4 1.6s/it 2.6s<3.1s`;

test("the last lines leave out the progress bars of a training, of tqdm and of pip", () => {
  const tail = after(
    "      Epoch    GPU_mem   box_loss\n",
    `${[0, 1, 2, 3, 4].map(bar).join("")}\n`,
    "                   all          2          5          0\n",
    "  2/3  0G  6.1:  45%|####5     | 2/4 [00:01<00:01,  1.6it/s]\n",
    "   ━━━━━━━━━━━━━━━━ 5.7/5.7 MB 10.1 MB/s eta 0:00:00\n",
    "==== fold 2/3 ====\n100% of the classes were found\n",
  );
  expect(tail.getLastLines(9)).toEqual([
    "      Epoch    GPU_mem   box_loss",
    "                   all          2          5          0",
    "==== fold 2/3 ====",
    "100% of the classes were found",
  ]);
});

test("the last lines keep an error that starts on the line of a progress bar", () => {
  const tail = after(`${[0, 1, 2].map(bar).join("")}Traceback (most recent call last):\n`, "MemoryError\n");
  expect(tail.getLastLines(9)).toEqual(["Traceback (most recent call last):", "MemoryError"]);
});

test("the newest line may be a progress bar in its latest state", () => {
  expect(after([0, 1].map(bar).join("")).getNewestLine()).toMatch(/ 25% ━─── 1\/4/);
});

test("the last lines leave out the notes of unitrain's own scripts", () => {
  const tail = after("loss is nan\n", 'unitrain: the training failed: {"signal": 9}\n');
  expect(tail.getLastLines(5)).toEqual(["loss is nan"]);
  expect(tail.getText()).toContain('{"signal": 9}');
});
