import type { ArgumentValue } from "../options/scalar.ts";

/** Ultralytics' default batch size. */
export const defaultBatch = 16;

/**
 * Returns the largest batch size, up to the default, that divides among the GPUs. Undefined when the default does, or
 * when the user set a batch size.
 */
export function chooseDivisibleBatch(
  requested: ArgumentValue | undefined,
  gpus: number,
): { readonly batch: number; readonly note: string } | undefined {
  if (requested !== undefined || gpus < 2 || defaultBatch % gpus === 0) return undefined;
  const batch = Math.max(gpus, Math.floor(defaultBatch / gpus) * gpus);
  return { batch, note: `${gpus} GPUs share each batch, so batch=${batch} instead of ${defaultBatch}` };
}
