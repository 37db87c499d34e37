/** Returns the complaint about a version of Node that is too old, or undefined. This file has no imports and no new syntax, so that an old Node can run it. */
export function describeUnsupportedNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `unitrain needs Node 22.18 or newer, but this is Node ${version.replace(/^v/, "")}. Install a newer version from https://nodejs.org`;
}
