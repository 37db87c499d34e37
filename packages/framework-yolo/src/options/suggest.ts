import leven from "leven";

/** Names used by other trainers and by YOLOv5. */
const synonyms: Readonly<Record<string, string>> = {
  batch_size: "batch",
  batchsize: "batch",
  data_yaml: "data",
  dataset: "data",
  gpu: "device",
  gpus: "device",
  img: "imgsz",
  img_size: "imgsz",
  image_size: "imgsz",
  learning_rate: "lr0",
  lr: "lr0",
  num_epochs: "epochs",
  num_workers: "workers",
  ultralytics: "version",
  weights: "model",
};

/** Lists the names that other trainers use for an argument. */
export function listOtherNames(name: string): readonly string[] {
  return Object.keys(synonyms).filter((word) => synonyms[word] === name);
}

/** Returns the candidate that a mistyped key probably means; undefined when none is similar. */
export function suggest(key: string, candidates: readonly string[]): string | undefined {
  const wanted = key.toLowerCase().replaceAll("-", "_");
  const synonym = synonyms[wanted];
  return synonym ?? findNearest(wanted, candidates);
}

/** Returns the most similar candidate by edit distance, if any is similar. Does not use synonyms. */
export function findNearest(wanted: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((name) => ({ name, distance: leven(wanted, name) }))
    .filter((candidate) => candidate.distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}
