/** Where the user's code lies below the dataset on the machine. */
export const codeFolder = "code";
