import { UnitrainError } from "../../spec/index.ts";

/** The GPU that the user asked for, and how many. */
export interface WantedGpu {
  readonly gpu?: string;
  readonly gpus?: number;
}

/**
 * Parses a GPU name, in which `H100:4` means four GPUs. A separate number must be the same.
 *
 * @throws UnitrainError `INVALID_OPTIONS` for a name or number that makes no sense.
 */
export function readWantedGpu(gpu: string | undefined, gpus: number | undefined): WantedGpu {
  if (gpu === undefined) return gpus === undefined ? {} : { gpus };
  const [, model = "", count] = /^\s*(.*?)\s*(?::\s*(\d+))?\s*$/.exec(gpu) ?? [];
  const countInName = count === undefined ? undefined : Number(count);
  if (
    model === "" ||
    countInName === 0 ||
    (countInName !== undefined && gpus !== undefined && gpus !== countInName)
  ) {
    throw new UnitrainError("INVALID_OPTIONS", `Invalid GPU ${JSON.stringify(gpu)}.`, {
      hint: "Write H100, or H100:4 for four of them, with the number only once.",
    });
  }
  const wanted = countInName ?? gpus;
  return { gpu: model, ...(wanted === undefined ? {} : { gpus: wanted }) };
}

/** Whether a name matches this GPU: `h100`, `H100-SXM5`, `rtx4090` for `RTX 4090`. `L40` does not match `L40S`. */
export function isGpu(wanted: string, flavorName: string): boolean {
  const nameTokens = splitTokens(flavorName);
  return (
    splitTokens(wanted).every((token) => hasConsecutiveWords(nameTokens, token)) ||
    hasConsecutiveWords(nameTokens, splitTokens(wanted).join(""))
  );
}

function splitTokens(text: string): readonly string[] {
  return text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
}

/** Whether consecutive words, joined, are the wanted one. */
function hasConsecutiveWords(words: readonly string[], wanted: string): boolean {
  return words.some((_word, first) =>
    words.slice(first).some((_last, length) => words.slice(first, first + length + 1).join("") === wanted),
  );
}
