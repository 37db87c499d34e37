import { definePlugin } from "@unitrain/core/spec";

/** Waits until the shared drive is mounted, because the training reads its labels from there. */
export const waitForDrive = definePlugin({
  name: "wait-for-drive",
  hooks: {
    async readyCheck({ run }) {
      const { exitCode } = await run({ argv: ["mountpoint", "-q", "/mnt/labels"] });
      if (exitCode === 0) return { ready: true };
      return { ready: false, step: "drive", reason: "/mnt/labels is not mounted yet" };
    },
  },
});
