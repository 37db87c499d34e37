import { createHash } from "node:crypto";
import { invalid } from "../find-yaml.ts";
import { type Findings, shownPath } from "../findings.ts";
import type { ClassPictures, ClassSplit } from "./pictures.ts";

/** One picture in so many is kept for validation, as Ultralytics does it. */
const onePictureIn = 5;

/**
 * Splits folders of classes into train and val. Ultralytics would copy the whole set on the machine; here only the paths
 * that the pictures have there differ, and a picture stays in its split when others come or go beside it.
 */
export function splitClasses(
  folder: string,
  classes: readonly ClassPictures[],
  findings: Findings,
): readonly ClassSplit[] {
  if (!classes.some(({ pictures }) => pictures.length > 0)) {
    throw invalid(
      `${shownPath(folder)} has no folders of pictures.`,
      "To classify, name the folder that holds train and val, with a folder of pictures for each class in both.",
    );
  }
  const divided = classes.map((one) => ({ ...one, ...divide(one) }));
  const message = `There are no train and val folders: one picture in ${onePictureIn} of each class is kept for validation.`;
  findings.warning("splits", folder, message);
  return [
    {
      name: "train",
      folder,
      classes: divided.map(({ name, folder, train }) => ({ name, folder, pictures: train })),
    },
    {
      name: "val",
      folder,
      classes: divided.map(({ name, folder, val }) => ({ name, folder, pictures: val })),
    },
  ];
}

function divide({ name, pictures }: ClassPictures) {
  const byChance = new Map(
    pictures.map((picture) => [
      picture,
      createHash("sha256").update(`${name}/${picture.name}`).digest("hex"),
    ]),
  );
  const shuffled = [...pictures].sort((a, b) => ((byChance.get(a) ?? "") < (byChance.get(b) ?? "") ? -1 : 1));
  const kept = new Set(
    shuffled.slice(0, pictures.length < 2 ? 0 : Math.max(1, Math.round(pictures.length / onePictureIn))),
  );
  return {
    train: pictures.filter((picture) => !kept.has(picture)),
    val: pictures.filter((picture) => kept.has(picture)),
  };
}
