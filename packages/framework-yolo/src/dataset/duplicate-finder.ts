import { closeSync, openSync, readSync } from "node:fs";
import { type Findings, formatPath } from "./findings.ts";
import type { FoundImage, ImageList } from "./image-list.ts";
import type { SplitName } from "./splits.ts";

const blockBytes = 256 * 1024;
/** Limit for comparing the contents of possible copies, in bytes. */
const maxComparedBytes = 1024 * 1024 * 1024;

/** Finds images of val that are also in train: metrics on them make a model look better than it is. */
export class DuplicateFinder {
  /** Images of train by their key, which copies share. */
  readonly #train = new ChainedNumbers();
  #trainImages: ImageList[] = [];
  #starts: number[] = [];
  #copies = 0;
  #first: { readonly image: FoundImage; readonly original: FoundImage } | undefined;
  #comparedBytes = 0;

  /** Starts a list of images, which are then added one after the other. */
  startList(split: SplitName, images: ImageList): void {
    if (split !== "train") return;
    this.#starts.push(this.#train.length);
    this.#trainImages.push(images);
  }

  /**
   * Adds the next image of the current list; lists of train come first. `key` is equal for files that may be copies.
   */
  add(split: SplitName, image: FoundImage, key: number): void {
    if (split === "train") {
      this.#train.push(key);
    } else if (split === "val") {
      const original = this.findCopyInTrain(image, key);
      if (original === undefined) return;
      this.#copies++;
      this.#first ??= { image, original };
    }
  }

  /** Adds a warning if val contains copies. `images` is the number of images in val. */
  report(images: number, findings: Findings): void {
    if (this.#first === undefined) return;
    const { image, original } = this.#first;
    const atLeast = this.#comparedBytes > maxComparedBytes ? "At least " : "";
    const which =
      this.#copies === images
        ? "All images of val are"
        : `${atLeast}${this.#copies} of ${images} images of val ${this.#copies === 1 ? "is" : "are"}`;
    const same = image.file === original.file ? "" : `, this one as ${formatPath(original.path)}`;
    const message = `${which} in train too${same}: the metrics will look better than the model is.`;
    findings.warning("images of val in train", image.path, message);
  }

  /** Returns an image of train with the same content. */
  findCopyInTrain(image: FoundImage, key: number): FoundImage | undefined {
    for (const index of this.#train.findIndexes(key)) {
      const original = this.#getTrainImage(index);
      if (
        original !== undefined &&
        (original.file === image.file || this.#isSameResource(original.file, image.file))
      )
        return original;
    }
    return undefined;
  }

  #getTrainImage(index: number): FoundImage | undefined {
    const list = this.#starts.findLastIndex((start) => start <= index);
    return this.#trainImages[list]?.at(index - (this.#starts[list] ?? 0));
  }

  #isSameResource(a: string, b: string): boolean {
    const open: number[] = [];
    try {
      open.push(openSync(a, "r"), openSync(b, "r"));
      const blocks = open.map(() => Buffer.allocUnsafe(blockBytes));
      for (let offset = 0; this.#comparedBytes <= maxComparedBytes; offset += blockBytes) {
        const [block, otherBlock] = open.map((handle, index) => readBlock(handle, blocks[index], offset));
        if (block === undefined || otherBlock === undefined || !block.equals(otherBlock)) return false;
        if (block.length < blockBytes) return true;
        this.#comparedBytes += block.length;
      }
      return false;
    } catch {
      // Unreadable files are reported when they are inspected.
      return false;
    } finally {
      for (const handle of open) closeSync(handle);
    }
  }
}

function readBlock(handle: number, into: Buffer | undefined, offset: number): Buffer | undefined {
  return into?.subarray(0, readSync(handle, into, 0, into.length, offset));
}

/** A list of 32-bit numbers with an index for lookups, in 12 bytes per number; a `Map` would take about a hundred. */
class ChainedNumbers {
  length = 0;
  #numbers = new Uint32Array(1024);
  /** For each entry, the index + 1 of the previous entry in the same slot; 0 for none. */
  #previous = new Uint32Array(1024);
  #slots = new Uint32Array(1024);

  push(number: number): void {
    if (this.length === this.#numbers.length) this.#grow();
    this.#numbers[this.length] = number;
    this.#link(this.length++);
  }

  *findIndexes(number: number): Generator<number> {
    for (let next = this.#slots[this.#getSlot(number)] ?? 0; next !== 0; next = this.#previous[next - 1] ?? 0)
      if (this.#numbers[next - 1] === number >>> 0) yield next - 1;
  }

  #link(index: number): void {
    const slot = this.#getSlot(this.#numbers[index] ?? 0);
    this.#previous[index] = this.#slots[slot] ?? 0;
    this.#slots[slot] = index + 1;
  }

  #getSlot(number: number): number {
    return (Math.imul(number, 0x9e3779b1) >>> 0) % this.#slots.length;
  }

  #grow(): void {
    const numbers = new Uint32Array(this.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    this.#previous = new Uint32Array(numbers.length);
    this.#slots = new Uint32Array(numbers.length);
    for (let index = 0; index < this.length; index++) this.#link(index);
  }
}
