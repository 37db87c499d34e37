import type { DataYaml } from "./data-yaml.ts";
import type { Findings } from "./findings.ts";

/** The value of `kpt_shape`, such as `[17, 3]`: the number of points, each as `x y` or `x y visible`. */
export interface KeyPoints {
  readonly points: number;
  readonly dimensions: 2 | 3;
  /** Number of columns in a row. */
  readonly columns: number;
}

/** Reads the key points of the yaml; undefined when it has none, or (with a finding) when they are invalid. */
export function readKeyPoints(yaml: DataYaml, needed: boolean, findings: Findings): KeyPoints | undefined {
  const shape = yaml.values.kpt_shape;
  const fail = (key: string, message: string) => {
    findings.error("key points", yaml.file, message, yaml.getLine(key));
    return undefined;
  };
  if (shape === undefined || shape === null) {
    if (!needed) return undefined;
    return fail(
      "kpt_shape",
      "kpt_shape is missing: add the number of key points, such as kpt_shape: [17, 3].",
    );
  }
  const [points, dimensions, ...rest]: readonly unknown[] = Array.isArray(shape) ? shape : [];
  if (typeof points !== "number" || !Number.isInteger(points) || points < 1 || rest.length > 0) {
    return fail(
      "kpt_shape",
      `kpt_shape is ${JSON.stringify(shape)}, but must be [points, 2] or [points, 3].`,
    );
  }
  if (dimensions !== 2 && dimensions !== 3) {
    const message = `kpt_shape is ${JSON.stringify(shape)}, but each point has 2 numbers (x y) or 3 (x y visible).`;
    return fail("kpt_shape", message);
  }
  if (needed) checkFlip(yaml, points, findings);
  return { points, dimensions, columns: 5 + points * dimensions };
}

/** Checks `flip_idx`, which maps each point to its mirror image. Without it, Ultralytics does not mirror images. */
function checkFlip(yaml: DataYaml, points: number, findings: Findings): void {
  const flip: unknown = yaml.values.flip_idx;
  if (flip === undefined || flip === null) return;
  const line = yaml.getLine("flip_idx");
  const fault = findFlipFault(flip, points);
  if (fault !== undefined) findings.error("key points", yaml.file, fault, line);
  else if (Array.isArray(flip) && flip.some((point: number, index) => flip[point] !== index)) {
    const message = "flip_idx is not its own inverse: mirrored twice, a key point becomes another one.";
    findings.warning("mirrored key points", yaml.file, message, line);
  }
}

function findFlipFault(flip: unknown, points: number): string | undefined {
  if (!Array.isArray(flip)) return "flip_idx is not a list.";
  if (flip.length === 0) return undefined;
  if (flip.length !== points) {
    return `flip_idx has ${flip.length} entries, but kpt_shape says ${points} key points.`;
  }
  return flip.every((point) => Number.isInteger(point) && point >= 0 && point < points)
    ? undefined
    : `flip_idx must hold the numbers 0 to ${points - 1}.`;
}
