import { defineConfig } from "@unitrain/cli";
import { teamRules } from "./plugin.ts";

export default defineConfig({
  data: "./pallets",
  plugins: [teamRules({ team: "robotics" })],
});
