"""Draws the boxes that a model finds on every image of a folder, side by side on one sheet.

Arguments: model, folder of images, sheet to write.
"""

import glob
import os
import sys
import tempfile

os.environ.update(
    YOLO_CONFIG_DIR=tempfile.mkdtemp(prefix="unitrain-demo-"),
    MPLCONFIGDIR=tempfile.mkdtemp(prefix="unitrain-demo-"),
    YOLO_OFFLINE="true",
    YOLO_AUTOINSTALL="false",
    ULTRALYTICS_SKIP_REQUIREMENTS_CHECKS="1",
)

from PIL import Image, ImageDraw, ImageFont  # noqa: E402
from ultralytics import YOLO  # noqa: E402

TILE = 192
ACROSS = 8
COLOURS = {"circle": (255, 214, 10), "square": (64, 200, 255)}


def main():
    model_path, folder, sheet_path = sys.argv[1:4]
    paths = sorted(glob.glob(os.path.join(glob.escape(folder), "*.png")))
    results = YOLO(model_path).predict(paths, conf=0.25, imgsz=128, device="cpu", verbose=False)
    rows = -(-len(paths) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * TILE, rows * TILE), (0, 0, 0))
    boxes = 0
    for index, (path, result) in enumerate(zip(paths, results)):
        tile, found = draw(path, result)
        boxes += found
        sheet.paste(tile, (index % ACROSS * TILE, index // ACROSS * TILE))
    unfinished = sheet_path + ".unfinished.jpg"
    sheet.save(unfinished, quality=92)
    os.replace(unfinished, sheet_path)
    print(f"{boxes} boxes on {len(paths)} images")


def draw(path, result):
    image = Image.open(path).convert("RGB")
    scale = TILE / image.width
    tile = image.resize((TILE, TILE), Image.Resampling.NEAREST)
    pen = ImageDraw.Draw(tile)
    font = ImageFont.load_default()
    for box in result.boxes:
        left, top, right, bottom = (value * scale for value in box.xyxy[0].tolist())
        name = result.names[int(box.cls)]
        colour = COLOURS.get(name, (255, 255, 255))
        pen.rectangle((left, top, right, bottom), outline=colour, width=2)
        place = (left + 3, top - 12 if top >= 12 else top + 3)
        label = f"{name} {float(box.conf):.2f}"
        pen.rectangle(pen.textbbox(place, label, font=font), fill=(20, 20, 24))
        pen.text(place, label, fill=colour, font=font)
    pen.rectangle((0, 0, TILE - 1, TILE - 1), outline=(40, 40, 40))
    return tile, len(result.boxes)


main()
