/// <reference types="vitepress/client" />

import theme from "vitepress/theme-without-fonts";
import { h } from "vue";
import "./style.css";

export default {
  extends: theme,
  Layout: () =>
    h(theme.Layout, null, {
      "home-hero-actions-after": () =>
        h(
          "pre",
          { class: "home-command" },
          h("code", "npx @unitrain/cli train ./pallets model=yolo11n.pt epochs=50"),
        ),
    }),
};
