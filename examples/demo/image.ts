import { PNG } from "pngjs";

/** Width and height of every image, in pixels. */
export const imageSize = 128;

export const shapeNames = ["circle", "square"] as const;

export interface Shape {
  readonly kind: (typeof shapeNames)[number];
  /** Center, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Distance from the center to the edge, in pixels. */
  readonly radius: number;
  readonly color: readonly [red: number, green: number, blue: number];
}

/** Creates one to three shapes of random kind, color, size and position that do not overlap. */
export function createRandomShapes(random: () => number): readonly Shape[] {
  const wanted = 1 + Math.floor(random() * 3);
  const shapes: Shape[] = [];
  for (let tries = 0; shapes.length < wanted && tries < 100; tries += 1) {
    const radius = Math.round(9 + random() * 15);
    const randomPosition = () => Math.round(radius + 1 + random() * (imageSize - 2 * radius - 3));
    const randomShade = () => Math.round(90 + random() * 165);
    const shape: Shape = {
      kind: random() < 0.5 ? "circle" : "square",
      x: randomPosition(),
      y: randomPosition(),
      radius,
      color: [randomShade(), randomShade(), randomShade()],
    };
    if (shapes.every((placed) => areApart(shape, placed))) shapes.push(shape);
  }
  return shapes;
}

/** Draws the shapes on a dark, slightly noisy background and returns a PNG. */
export function drawImage(shapes: readonly Shape[], random: () => number): Buffer {
  const png = new PNG({ width: imageSize, height: imageSize });
  const ground = Math.round(15 + random() * 30);
  for (let y = 0; y < imageSize; y += 1) {
    for (let x = 0; x < imageSize; x += 1) {
      const shape = shapes.find((candidate) => covers(candidate, x, y));
      const noise = Math.round((random() - 0.5) * 16);
      const [red, green, blue] = shape?.color ?? [ground, ground, ground + 6];
      png.data.set(
        [clampShade(red + noise), clampShade(green + noise), clampShade(blue + noise), 255],
        (y * imageSize + x) * 4,
      );
    }
  }
  return PNG.sync.write(png);
}

/** Formats a YOLO label file: class, then center, width and height of the box as fractions of the image. */
export function formatLabels(shapes: readonly Shape[]): string {
  return shapes
    .map(({ kind, x, y, radius }) => {
      const share = (pixels: number) => (pixels / imageSize).toFixed(6);
      const side = share(2 * radius + 1);
      return `${shapeNames.indexOf(kind)} ${share(x + 0.5)} ${share(y + 0.5)} ${side} ${side}\n`;
    })
    .join("");
}

function covers({ kind, x, y, radius }: Shape, atX: number, atY: number): boolean {
  const [right, down] = [Math.abs(atX - x), Math.abs(atY - y)];
  return kind === "square"
    ? right <= radius && down <= radius
    : right ** 2 + down ** 2 <= (radius + 0.5) ** 2;
}

function areApart(a: Shape, b: Shape): boolean {
  const distance = a.radius + b.radius + 2;
  return Math.abs(a.x - b.x) > distance || Math.abs(a.y - b.y) > distance;
}

function clampShade(value: number): number {
  return Math.max(0, Math.min(255, value));
}
