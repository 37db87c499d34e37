/** Stands where a secret was. It is not a secret's form itself, so that masking twice is masking once. */
export const mask = "[redacted]";
