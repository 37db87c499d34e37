import { closeSync, openSync, readSync } from "node:fs";
import { type Findings, shownPath } from "./findings.ts";
import type { SplitName } from "./splits.ts";
import type { FoundImage } from "./walk.ts";

const blockBytes = 256 * 1024;
/** Files that look alike are compared as long as this lasts. */
const mostComparedBytes = 1024 * 1024 * 1024;

/** Finds pictures of val that are trained on too: such a model looks better than it is. */
export class Copies {
  readonly #trainByKey = new Map<string, FoundImage[]>();
  readonly #trainFiles = new Set<string>();
  #copies = 0;
  #first: { readonly image: FoundImage; readonly other: FoundImage } | undefined;
  #comparedBytes = 0;

  /** Once for each picture, those of train first. `key` is the same for files that may be copies of each other. */
  add(split: SplitName, image: FoundImage, key: string): void {
    if (split === "train") {
      this.#trainFiles.add(image.file);
      const alike = this.#trainByKey.get(key);
      if (alike === undefined) this.#trainByKey.set(key, [image]);
      else alike.push(image);
    } else if (split === "val") {
      const other = this.#trainFiles.has(image.file) ? image : this.copyInTrain(image, key);
      if (other === undefined) return;
      this.#copies++;
      this.#first ??= { image, other };
    }
  }

  /** `pictures`: how many of val there are. */
  tell(pictures: number, findings: Findings): void {
    if (this.#first === undefined) return;
    const { image, other } = this.#first;
    const atLeast = this.#comparedBytes > mostComparedBytes ? "At least " : "";
    const which =
      this.#copies === pictures
        ? "All pictures of val are"
        : `${atLeast}${this.#copies} of ${pictures} pictures of val ${this.#copies === 1 ? "is" : "are"}`;
    const same = image.file === other.file ? "" : `, this one as ${shownPath(other.path)}`;
    const message = `${which} in train too${same}: the figures will look better than the model is.`;
    findings.warning("pictures of val in train", image.path, message);
  }

  /** A picture of train with the same content. */
  copyInTrain(image: FoundImage, key: string): FoundImage | undefined {
    return this.#trainByKey.get(key)?.find(({ file }) => this.#isSame(file, image.file));
  }

  #isSame(one: string, other: string): boolean {
    const open: number[] = [];
    try {
      open.push(openSync(one, "r"), openSync(other, "r"));
      const blocks = open.map(() => Buffer.allocUnsafe(blockBytes));
      for (let offset = 0; this.#comparedBytes <= mostComparedBytes; offset += blockBytes) {
        const [block, otherBlock] = open.map((handle, index) => readBlock(handle, blocks[index], offset));
        if (block === undefined || otherBlock === undefined || !block.equals(otherBlock)) return false;
        if (block.length < blockBytes) return true;
        this.#comparedBytes += block.length;
      }
      return false;
    } catch {
      // One that cannot be read is told where it is looked at.
      return false;
    } finally {
      for (const handle of open) closeSync(handle);
    }
  }
}

function readBlock(handle: number, into: Buffer | undefined, offset: number): Buffer | undefined {
  return into?.subarray(0, readSync(handle, into, 0, into.length, offset));
}
