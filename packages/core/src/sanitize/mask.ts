/** Replaces a secret. It does not look like a secret itself, so that masking a text twice changes nothing. */
export const mask = "[redacted]";
