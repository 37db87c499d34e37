/** Where the documentation is published, which is also the `homepage` of every package. A fork that publishes elsewhere changes both. */
export const documentationUrl = "https://unitrain.github.io/unitrain";
