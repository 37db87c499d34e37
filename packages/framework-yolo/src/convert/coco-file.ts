import * as z from "zod";

const id = z.union([z.number(), z.string()]);
/** Some writers quote numbers, and Python writes NaN, which is read as null here. */
const number = z.union([z.number(), z.string().transform(Number), z.null().transform(() => Number.NaN)]);
const cocoFile = z.object({
  images: z.array(
    z.looseObject({
      id,
      file_name: z.string().min(1),
      width: z.number().nullish(),
      height: z.number().nullish(),
    }),
  ),
  annotations: z
    .array(
      z.looseObject({
        image_id: id,
        /** Captions have none. */
        category_id: id.optional(),
        bbox: z.array(number).nullish().catch(undefined),
        segmentation: z.unknown().optional(),
        iscrowd: z.union([z.number(), z.boolean()]).nullish(),
        keypoints: z.array(number).nullish().catch(undefined),
      }),
    )
    .default([]),
  categories: z
    .array(
      z.looseObject({
        id,
        name: z.union([z.string(), z.number()]).transform(String),
        supercategory: z.unknown().optional(),
        keypoints: z.array(z.string()).nullish().catch(undefined),
      }),
    )
    .default([]),
});

export type CocoFile = z.infer<typeof cocoFile>;
export type CocoAnnotation = CocoFile["annotations"][number];

/** Parses an annotation file. Throws what the first mistake is. */
export const parseCoco = (text: string): CocoFile => cocoFile.parse(parseJson(text));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const plain = text.replace(/(?<=[:,[\s])-?(?:NaN|Infinity)(?=[\s,\]}])/g, "null");
    if (plain === text) throw cause;
    return JSON.parse(plain);
  }
}

/** The classes that a file names, in the order of their ids, which may have gaps and begin anywhere. */
export function listCategories({ categories, annotations }: CocoFile): CocoFile["categories"] {
  const used = new Set(annotations.map((annotation) => String(annotation.category_id)));
  // Roboflow's parent of all classes is none.
  const isParent = ({ id, name, supercategory }: CocoFile["categories"][number]) =>
    supercategory === "none" &&
    !used.has(String(id)) &&
    categories.some((category) => category.supercategory === name);
  return categories
    .filter((category) => !isParent(category))
    .sort((a, b) => Number(a.id) - Number(b.id) || (String(a.id) < String(b.id) ? -1 : 1));
}
