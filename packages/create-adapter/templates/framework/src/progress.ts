import type { FailedTraining, FailureExplanation, ProgressReader } from "@unitrain/core/spec";

// 6. The progress, read from the log. The reader gets whole lines, and may get all of them at once.
export function createReader(): ProgressReader {
  return {
    text: (lines) =>
      [...lines.matchAll(/^round (\d{1,6})\/(\d{1,6}) error=(\d{1,12})$/gm)].map(
        ([, done, total, error]) => ({
          unit: "epoch",
          done: Number(done),
          total: Number(total),
          complete: true,
          metrics: { error: Number(error) },
        }),
      ),
    file: () => [],
  };
}

// 7. Why a training failed, in words for its user. Undefined for everything that you do not recognize.
export function explainFailure({ output }: FailedTraining): FailureExplanation | undefined {
  if (!output.includes("No such file or directory")) return undefined;
  return { message: "The training found no texts", hint: "Check that the folder has .txt files." };
}
