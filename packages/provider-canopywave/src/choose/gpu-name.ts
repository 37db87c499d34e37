import { UnitrainError } from "@unitrain/core/spec";

export interface WantedGpu {
  readonly gpu?: string;
  readonly gpus?: number;
}

/** `H100:4` is four of them. A number given apart must agree. */
export function readWantedGpu(gpu: string | undefined, gpus: number | undefined): WantedGpu {
  if (gpu === undefined) return gpus === undefined ? {} : { gpus };
  const [, model = "", count] = /^\s*(.*?)\s*(?::\s*(\d+))?\s*$/.exec(gpu) ?? [];
  const countInName = count === undefined ? undefined : Number(count);
  if (
    model === "" ||
    countInName === 0 ||
    (countInName !== undefined && gpus !== undefined && gpus !== countInName)
  ) {
    throw new UnitrainError("INVALID_OPTIONS", `${JSON.stringify(gpu)} cannot be the wanted GPU.`, {
      hint: "Write H100, or H100:4 for four of them; the number only once.",
    });
  }
  const wanted = countInName ?? gpus;
  return { gpu: model, ...(wanted === undefined ? {} : { gpus: wanted }) };
}

/** Whether people mean this one: `h100`, `H100-SXM5`, `rtx4090` for `RTX 4090`. `L40` is not an `L40S`. */
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

/** Words in a row that are this one when written together. */
function hasConsecutiveWords(words: readonly string[], wanted: string): boolean {
  return words.some((_word, first) =>
    words.slice(first).some((_last, length) => words.slice(first, first + length + 1).join("") === wanted),
  );
}
