/** The words of a line; runs of blanks count once. */
export const words = (line) => line.trim().split(/\s+/).filter((word) => word !== "");

export const title = (word) => word.charAt(0).toUpperCase() + word.slice(1);
