/** The values of secrets that this process has read or asked for. They are masked in errors and in what a framework says, where core masks nothing. */
export const knownSecrets = new Set<string>();
