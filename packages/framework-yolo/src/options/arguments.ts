/**
 * The kind of value that an argument of `yolo train` takes. Strings are parsed as Ultralytics' command line parses
 * them.
 */
export type ArgumentKind =
  | "text"
  /** Name of a split in data.yaml, such as `val`. */
  | "split"
  /** True, False, `ram` or `disk`. */
  | "cache"
  /** True, False, or a mode of `torch.compile`. */
  | "compile"
  /** One class id or a list of them. */
  | "class-ids"
  | "flag"
  | "integer"
  /** 0 or more. */
  | "count"
  /** 1 or more. */
  | "positive"
  | "number"
  /** 0 to 1. */
  | "fraction"
  /** 1 or more, -1 for automatic, or a fraction of the GPU's memory between 0 and 1. */
  | "batch"
  /** A number of pixels, or a list of them. */
  | "pixels"
  | "flag-or-number"
  | "flag-or-text"
  | "number-or-list"
  /** A number, text or list: `0`, `0,1`, `[0, 1]`, `cpu`. */
  | "device"
  | "any";

/**
 * The arguments of `yolo train` and the kind of each one's value: all of Ultralytics 8.4, and those of 8.2 and 8.3 that
 * 8.4 dropped.
 */
export const trainArguments = {
  task: "text",
  model: "text",
  project: "text",
  name: "text",
  exist_ok: "flag",
  epochs: "positive",
  time: "number",
  patience: "count",
  batch: "batch",
  imgsz: "pixels",
  save: "flag",
  save_period: "integer",
  cache: "cache",
  device: "device",
  workers: "count",
  pretrained: "flag-or-text",
  cls_remap: "flag",
  optimizer: "text",
  verbose: "flag",
  seed: "count",
  deterministic: "flag",
  single_cls: "flag",
  rect: "flag",
  cos_lr: "flag",
  close_mosaic: "count",
  amp: "flag-or-text",
  fraction: "number-or-list",
  profile: "flag",
  freeze: "any",
  multi_scale: "flag-or-number",
  compile: "compile",
  channels_last: "flag",
  overlap_mask: "flag",
  mask_ratio: "positive",
  dropout: "fraction",
  val: "flag",
  split: "split",
  save_json: "flag",
  save_txt: "flag",
  save_conf: "flag",
  conf: "fraction",
  iou: "fraction",
  max_det: "positive",
  quantize: "any",
  dnn: "flag",
  plots: "flag",
  nms: "flag",
  visualize: "flag",
  augment: "flag",
  agnostic_nms: "flag",
  classes: "class-ids",
  show_labels: "flag",
  show_conf: "flag",
  show_boxes: "flag",
  lr0: "fraction",
  lrf: "fraction",
  momentum: "fraction",
  weight_decay: "fraction",
  warmup_epochs: "number",
  warmup_momentum: "fraction",
  warmup_bias_lr: "fraction",
  distill_model: "text",
  dis: "number",
  box: "number",
  cls: "number",
  cls_pw: "fraction",
  dfl: "number",
  pose: "number",
  kobj: "number",
  rle: "number",
  angle: "number",
  dlog: "number",
  dgrad: "number",
  dlam: "fraction",
  nbs: "positive",
  hsv_h: "fraction",
  hsv_s: "fraction",
  hsv_v: "fraction",
  degrees: "number",
  translate: "fraction",
  scale: "number-or-list",
  shear: "number",
  perspective: "fraction",
  flipud: "fraction",
  fliplr: "fraction",
  bgr: "fraction",
  mosaic: "fraction",
  mixup: "fraction",
  cutmix: "fraction",
  copy_paste: "fraction",
  copy_paste_mode: "text",
  auto_augment: "text",
  erasing: "fraction",
  half: "flag",
  int8: "flag",
  end2end: "flag",
  label_smoothing: "fraction",
  crop_fraction: "fraction",
  save_hybrid: "flag",
} as const satisfies Record<string, ArgumentKind>;

export type TrainArgument = keyof typeof trainArguments;

/** Arguments whose default in Ultralytics is `None`, so that `None` is a valid value. */
export const mayBeNone: ReadonlySet<string> = new Set<TrainArgument>([
  "time",
  "cache",
  "device",
  "freeze",
  "channels_last",
  "conf",
  "quantize",
  "nms",
  "classes",
  "distill_model",
  "auto_augment",
]);

export const isTrainArgument = (name: string): name is TrainArgument => Object.hasOwn(trainArguments, name);
