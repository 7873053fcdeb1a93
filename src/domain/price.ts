/** What tokens cost, where an agent CLI counts them and names no money. */
export interface Price {
  /** The name of a model; `*` stands for any text. */
  readonly model: string;
  /** US dollars per million tokens. */
  readonly input: number;
  /** Of the part of the input that a cache served; like the rest when left out. */
  readonly cached?: number | undefined;
  readonly output: number;
}
interface Tokens {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** US dollars by the first price that fits the model; null when none does: nobody guesses. */
export function priceOf(prices: readonly Price[], model: string, { inputTokens, cachedTokens, outputTokens }: Tokens): number | null {
  const price = prices.find(({ model: pattern }) => fits(pattern, model));
  if (!price) return null;
  const { input, cached = input, output } = price;
  return (inputTokens * input + cachedTokens * cached + outputTokens * output) / 1_000_000;
}

/** Some CLIs put the provider in front: `anthropic/claude-…`. */
function fits(pattern: string, model: string): boolean {
  return [model, model.slice(model.lastIndexOf("/") + 1)].some((name) => glob(pattern.toLowerCase(), name.toLowerCase()));
}

/** The pieces between the stars, in order; the first and the last are held to the ends. */
function glob(pattern: string, text: string): boolean {
  const [head = "", ...rest] = pattern.split("*");
  const tail = rest.pop();
  if (tail === undefined) return head === text;
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  const end = text.length - tail.length;
  let at = head.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}
