import type { ArgumentValue } from "../options/scalar.ts";

/** What Ultralytics takes without being told. */
export const defaultBatch = 16;

/** The largest `batch=` up to Ultralytics' own that so many GPUs can share; undefined where there is nothing to fix, and where the user named one. */
export function chooseDivisibleBatch(
  requested: ArgumentValue | undefined,
  gpus: number,
): { readonly batch: number; readonly note: string } | undefined {
  if (requested !== undefined || gpus < 2 || defaultBatch % gpus === 0) return undefined;
  const batch = Math.max(gpus, Math.floor(defaultBatch / gpus) * gpus);
  return { batch, note: `${gpus} GPUs share each batch, so batch=${batch} instead of ${defaultBatch}` };
}
