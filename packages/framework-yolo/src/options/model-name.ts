/** Returns the file name of a path or URL with either kind of slash. */
export const getFileName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** Returns whether Ultralytics knows the file by name and downloads or includes it: `yolo11n.pt`, `yolo11n.yaml`. */
export const isOfficialName = (name: string): boolean =>
  /^(?:yolo(?:v\d|e|\d|_)|rtdetr|sam|mobile_sam|fastsam)[\w.-]*?(?:\.(?:pt|ya?ml))?$/i.test(name);

/** Returns whether Ultralytics can only predict with the model, not train it. */
export const isPredictOnly = (name: string): boolean => /^(?:sam|mobile_sam|fastsam|yolo_nas)/i.test(name);

/** Returns the letter of the model's size, such as `n` in `yolo11n-seg.pt`; undefined when the name has none. */
export const getSizeLetter = (model: string): string | undefined =>
  /^yolo(?:v?\d+|e-\w+?)([ntsmcblex])(?:[-.\d]|u\.|$)/i.exec(getFileName(model))?.[1]?.toLowerCase();
