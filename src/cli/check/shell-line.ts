/** An argument list as a line of a POSIX shell, for files whose format knows nothing else. */
export const shellLine = (argv: readonly string[]): string => argv.map(word).join(" ");

const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
