/** Regions of a Markdown file that a generator owns: from `<!-- generated:NAME -->` to `<!-- /generated:NAME -->`. */

const OPEN = /<!-- generated:([a-z-]+) -->/g;

export interface Filled {
  readonly text: string;
  readonly names: readonly string[];
  readonly problems: readonly string[];
}

/** `text` with every region rendered anew; a name nobody renders or a region without an end is a problem. */
export function fillRegions(text: string, render: (name: string) => string | null): Filled {
  const names: string[] = [];
  const problems: string[] = [];
  let out = "";
  let done = 0;
  for (const match of text.matchAll(OPEN)) {
    const [marker, name = ""] = match;
    const close = `<!-- /generated:${name} -->`;
    const start = match.index + marker.length;
    const end = text.indexOf(close, start);
    const content = render(name);
    if (content === null) problems.push(`nothing renders generated:${name}`);
    if (end < 0) problems.push(`generated:${name} has no ${close}`);
    if (match.index < done) problems.push(`generated:${name} stands inside another region`);
    if (content === null || end < 0 || match.index < done) continue;
    if (names.includes(name)) problems.push(`generated:${name} stands twice`);
    names.push(name);
    out += `${text.slice(done, start)}\n${content}\n`;
    done = end;
  }
  return { text: out + text.slice(done), names, problems };
}
