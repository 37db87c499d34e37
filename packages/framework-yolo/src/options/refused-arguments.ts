/** Arguments of Ultralytics that unitrain sets itself, each with the reason and an alternative. */
const ownedArguments: Readonly<Record<string, { readonly reason: string; readonly instead: string }>> = {
  data: {
    reason: "the dataset is named to unitrain, which ships it and writes the machine's own data.yaml",
    instead:
      "Give the dataset's folder itself: `unitrain train ./pallets …`, or `plan({ data: './pallets' })`.",
  },
  mode: {
    reason: "unitrain only trains",
    instead: "Leave it out; the downloaded model works with `yolo val`, `predict` and `export`.",
  },
  resume: {
    reason: "unitrain keeps track of its runs itself",
    instead:
      "Reconnect to a run with `unitrain attach`. To continue training an older model, pass it as `model=path/to/last.pt`.",
  },
  cfg: {
    reason: "a file of arguments could contain some that unitrain must set itself",
    instead: "Write its keys as options: `epochs=50 lr0=0.005`.",
  },
  ...Object.fromEntries(
    ["nnodes", "nodes", "num_nodes", "node_rank", "machines"].map((key) => [
      key,
      {
        reason: "Ultralytics trains on one machine only",
        instead: "Use one machine with several GPUs. All of them are used.",
      },
    ]),
  ),
  save_dir: {
    reason: "each attempt writes into a fresh folder of its own on the machine",
    instead: "Say where the results go with `--out` (`plan({ out })`), or with `project=` and `name=`.",
  },
};

/** Arguments of `yolo predict`, `track` and `export`, which `yolo train` accepts and ignores. */
const otherModeArguments: ReadonlySet<string> = new Set(
  (
    "source vid_stride stream_buffer retina_masks embed show save_frames save_crop line_width " +
    "format optimize dynamic simplify opset workspace keras tracker"
  ).split(" "),
);

/** Returns why an argument of Ultralytics cannot be set, and an alternative; undefined when it can. */
export function findRefusal(key: string): { readonly reason: string; readonly instead: string } | undefined {
  if (Object.hasOwn(ownedArguments, key)) return ownedArguments[key];
  if (!otherModeArguments.has(key)) return undefined;
  return {
    reason: "it belongs to `yolo predict`, `track` or `export`, and does nothing in a training",
    instead: "Leave it out.",
  };
}
