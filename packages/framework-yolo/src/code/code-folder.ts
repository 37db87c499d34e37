/** Folder of the user's code on the machine, below the dataset's folder. */
export const codeFolder = "code";
