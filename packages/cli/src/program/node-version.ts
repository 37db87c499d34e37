/** What to say when Node is too old to run us; undefined when it is not. Kept free of imports and new syntax. */
export function complaintAboutNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return undefined;
  return `unitrain needs Node 22.18 or newer, and this is Node ${version.replace(/^v/, "")}. Newer ones: https://nodejs.org`;
}
