/** A file of its own, so that only these two of the package's lists are built in. */
export { animals, colors } from "unique-names-generator";
