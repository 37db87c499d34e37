import { readFileSync } from "node:fs";
import { type FileContent, FileContents, type FileSource, type ManifestEntry } from "@unitrain/core/spec";
import type { FoundImage, ImageList } from "./image-list.ts";
import { getSortedOrder } from "./sorted-order.ts";

const labelKinds = { none: 0, asIs: 1, rewritten: 2 } as const;

/** A label on this computer, and a function that rewrites it when it is not uploaded unchanged. */
interface LabelSource {
  readonly file: string;
  readonly rewrite: (text: string) => Uint8Array;
}

/**
 * The part of a split that is uploaded: its images, then their labels, each sorted by path. Only sizes are stored;
 * paths and files are derived on each pass, because a million of them as objects would take 500 MB.
 */
export class ShippedSplit {
  readonly #images: ImageList;
  readonly #skippedImages: ReadonlySet<string>;
  readonly #getPath: (image: FoundImage) => string;
  readonly #getLabelPath: (imagePath: string) => string;
  readonly #getLabel: (image: FoundImage) => LabelSource;
  readonly #imageBytes: Float64Array;
  readonly #imageContents: FileContents;
  readonly #labelContents: FileContents;
  readonly #labelBytes: Uint32Array;
  readonly #labelKinds: Uint8Array;
  readonly #orders = new Map<"images" | "labels", Uint32Array | undefined>();

  constructor(
    images: ImageList,
    skippedImages: ReadonlySet<string>,
    getPath: (image: FoundImage) => string,
    getLabelPath: (imagePath: string) => string = (path) => path,
    getLabel: (image: FoundImage) => LabelSource = throwNoLabel,
  ) {
    this.#images = images;
    this.#skippedImages = skippedImages;
    this.#getPath = getPath;
    this.#getLabelPath = getLabelPath;
    this.#getLabel = getLabel;
    this.#imageBytes = new Float64Array(images.length);
    this.#imageContents = new FileContents(images.length);
    this.#labelContents = new FileContents(images.length);
    this.#labelBytes = new Uint32Array(images.length);
    this.#labelKinds = new Uint8Array(images.length);
  }

  setImage(index: number, sizeBytes: number, content?: FileContent): void {
    if (content !== undefined) this.#imageContents.set(index, content);
    this.#imageBytes[index] = sizeBytes;
  }

  setLabel(index: number, sizeBytes: number, content?: FileContent): void {
    if (content !== undefined) this.#labelContents.set(index, content);
    this.#labelBytes[index] = sizeBytes;
    this.#labelKinds[index] = labelKinds.asIs;
  }

  setRewrittenLabel(index: number, sizeBytes: number): void {
    this.#labelBytes[index] = sizeBytes;
    this.#labelKinds[index] = labelKinds.rewritten;
  }

  /** All images, including skipped ones. */
  get images(): Iterable<FoundImage> {
    return this.#images;
  }

  /** Number of images that are uploaded. */
  get count(): number {
    if (this.#skippedImages.size === 0) return this.#images.length;
    let count = 0;
    for (const image of this.#images) if (!this.#skippedImages.has(image.path)) count++;
    return count;
  }

  *imageEntries(): Generator<ManifestEntry> {
    for (const [index, image] of this.#inOrder("images", this.#getPath)) {
      const sizeBytes = this.#imageBytes[index] ?? 0;
      yield {
        path: this.#getPath(image),
        from: createSource(image.file, this.#imageContents.get(index)),
        sizeBytes,
      };
    }
  }

  *labelEntries(): Generator<ManifestEntry> {
    const getPath = (image: FoundImage) => this.#getLabelPath(this.#getPath(image));
    let previousPath: string | undefined;
    for (const [index, image] of this.#inOrder("labels", getPath)) {
      const kind = this.#labelKinds[index];
      if (kind === labelKinds.none) continue;
      const sizeBytes = this.#labelBytes[index] ?? 0;
      const path = getPath(image);
      // `a.jpg` and `a.png` share a label.
      if (path === previousPath) continue;
      previousPath = path;
      const { file, rewrite } = this.#getLabel(image);
      yield kind === labelKinds.asIs
        ? { path, from: createSource(file, this.#labelContents.get(index)), sizeBytes }
        : { path, from: { bytes: rewrite(readFileSync(file, "utf8")) }, sizeBytes };
    }
  }

  *#inOrder(
    group: "images" | "labels",
    getPath: (image: FoundImage) => string,
  ): Generator<readonly [index: number, image: FoundImage]> {
    if (!this.#orders.has(group)) this.#orders.set(group, getSortedOrder(this.#images, getPath));
    const order = this.#orders.get(group);
    for (let position = 0; position < this.#images.length; position++) {
      const index = order?.[position] ?? position;
      const image = this.#images.at(index);
      if (!this.#skippedImages.has(image.path)) yield [index, image];
    }
  }
}

const createSource = (file: string, content: FileContent | undefined): FileSource =>
  content === undefined ? { file } : { file, content };

function throwNoLabel({ path }: FoundImage): never {
  throw new Error(`${path} has no label.`);
}
