import { stripTypeScriptTypes } from "node:module";

/** Jest's transform of TypeScript: the code is erasable, so only its types are removed. */
export default { process: (source) => ({ code: stripTypeScriptTypes(source) }) };
