import * as z from "zod";

const id = z.union([z.number(), z.string()]);
/** Some tools write numbers as strings, and Python writes NaN, which `parseJson` reads as null. */
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
        /** Absent in files with captions. */
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

/** Parses an annotation file. Throws a `ZodError` or `SyntaxError` for an invalid one. */
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

/** Returns a file's classes sorted by id. COCO's ids may have gaps and start at any number. */
export function listCategories({ categories, annotations }: CocoFile): CocoFile["categories"] {
  const used = new Set(annotations.map((annotation) => String(annotation.category_id)));
  // Roboflow adds a category that is the parent of all classes and has no objects of its own.
  const isParent = ({ id, name, supercategory }: CocoFile["categories"][number]) =>
    supercategory === "none" &&
    !used.has(String(id)) &&
    categories.some((category) => category.supercategory === name);
  return categories
    .filter((category) => !isParent(category))
    .sort((a, b) => Number(a.id) - Number(b.id) || (String(a.id) < String(b.id) ? -1 : 1));
}
