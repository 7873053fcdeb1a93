/** Argument lists as lines of a POSIX shell: for files whose format knows nothing else, and for people to copy. Never run by us. */
export const shellLine = (argv: readonly string[]): string => argv.map(shellWord).join(" ");

export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
