/** The file name of a path or address, of either kind of slash. */
export const getFileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** Weights and model files that Ultralytics knows by their bare name, and fetches or carries itself: `yolo11n.pt`, `yolo11n.yaml`. */
export const isOfficialName = (name: string): boolean =>
  /^(?:yolo(?:v\d|e|\d|_)|rtdetr|sam|mobile_sam|fastsam)[\w.-]*?(?:\.(?:pt|ya?ml))?$/i.test(name);

/** Families that Ultralytics only predicts with. */
export const isPredictOnly = (name: string): boolean => /^(?:sam|mobile_sam|fastsam|yolo_nas)/i.test(name);

/** `n` of `yolo11n-seg.pt`: the letter of its size; undefined for a model whose name tells nothing of it. */
export const getSizeLetter = (model: string): string | undefined =>
  /^yolo(?:v?\d+|e-\w+?)([ntsmcblex])(?:[-.\d]|u\.|$)/i.exec(getFileName(model))?.[1]?.toLowerCase();
