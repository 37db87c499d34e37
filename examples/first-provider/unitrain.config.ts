import { defineConfig } from "@unitrain/cli";
import toyCloud from "./provider.ts";

export default defineConfig({
  provider: toyCloud({ url: "https://toy-cloud.example" }),
  data: "./pallets",
});
