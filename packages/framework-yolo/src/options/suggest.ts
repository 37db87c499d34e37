import leven from "leven";

/** What people write who come from other trainers, or from YOLOv5. */
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

/** What an argument is called in other trainers. */
export function otherNamesOf(name: string): readonly string[] {
  return Object.keys(synonyms).filter((word) => synonyms[word] === name);
}

/** The known key that was probably meant; undefined when none is near. */
export function suggest(key: string, candidates: readonly string[]): string | undefined {
  const wanted = key.toLowerCase().replaceAll("-", "_");
  const synonym = synonyms[wanted];
  return synonym ?? findNearest(wanted, candidates);
}

/** The nearest of the known names, if any is near; without what other trainers call it. */
export function findNearest(wanted: string, candidates: readonly string[]): string | undefined {
  const near = candidates
    .map((name) => ({ name, distance: leven(wanted, name) }))
    .filter((candidate) => candidate.distance <= Math.max(1, Math.floor(wanted.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.name;
}
