/** A Markdown table; cells are made safe to stand in one. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

const cell = (text: string): string => plain(text.replace(/\s+/g, " ")).replaceAll("|", "\\|").trim();

/** Text as it reads: `<folder>` outside code would be taken for an element. */
export const plain = (text: string): string => text.replace(/`[^`]*`|</g, (found) => (found === "<" ? "&lt;" : found));

export const code = (text: string): string => (text === "" ? "" : `\`${text}\``);
