/** The URL of the published documentation. It is also the `homepage` of every package, so a fork has to change both. */
export const documentationUrl = "https://unitrain.github.io/unitrain";
