import type { FailureExplanation } from "@unitrain/core/spec";

/** Explains a missing module or class, which comes from the user's own code or from a package. */
export function explainMissingCode(text: string): FailureExplanation | undefined {
  const module = /^ModuleNotFoundError: No module named '([^']+)'/m.exec(text)?.[1];
  if (module !== undefined) {
    return {
      message: `the Python module ${module} is not on the machine`,
      hint: `If it is your own code, ship its folder with \`code\` (--code ./folder); if it is a package, name it with \`pip\` (--pip ${module.split(".")[0]}).`,
    };
  }
  const [, name, moduleName] =
    /^AttributeError: Can't get attribute '([^']+)' on <module '([^']+)'/m.exec(text) ?? [];
  if (name === undefined || moduleName === undefined) return undefined;
  return {
    message: `the model needs the class ${name} of the module ${moduleName}, which is not on the machine`,
    hint:
      moduleName === "__main__"
        ? "It was saved by a script that defined the class itself: move the class into a module, save the model again, and ship the module's folder with `code` (--code ./folder)."
        : "Ship the folder with your own code with `code` (--code ./folder).",
  };
}
