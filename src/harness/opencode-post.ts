/**
 * Messages on their way into an OpenCode session. A message is taken when the model is asked with it in view: the server stores
 * it (its part has our id) and then begins an answer to it or to a later one. One that came too late is asked for again.
 */
export interface Letter {
  readonly receipt: string;
  readonly content: string;
}
interface Sent extends Letter {
  messageId: string | null;
  asked: number;
}
const MOST_ASKED = 3;
const PART = "prt_";

export function opencodePost() {
  const held: Letter[] = [];
  const sent = new Map<string, Sent>();
  /** User messages of the session in the order the server has them, also those it wrote itself. */
  const order = new Map<string, number>();

  function settle(letters: readonly Sent[]): readonly string[] {
    for (const { receipt } of letters) sent.delete(receipt);
    return letters.map(({ receipt }) => receipt);
  }
  const inSession = (): readonly Sent[] => [...sent.values()].filter(({ messageId }) => messageId !== null);

  return {
    partOf: (receipt: string): string => PART + receipt,
    add: (receipt: string, content: string): void => void held.push({ receipt, content }),
    /** Everything that waits, to be sent now. */
    release(): readonly Letter[] {
      const letters = held.splice(0);
      for (const letter of letters) sent.set(letter.receipt, { ...letter, messageId: null, asked: 0 });
      return letters;
    },
    stored(messageId: string): void {
      if (!order.has(messageId)) order.set(messageId, order.size);
    },
    /** Sent, and not known to be taken. */
    isWaiting: (): boolean => sent.size > 0,
    /** A part of a message that is on its way. */
    knows: (part: string): boolean => part.startsWith(PART) && sent.has(part.slice(PART.length)),
    isUsers: (messageId: string): boolean => order.has(messageId),
    /** True when the part is that of a message of ours. */
    placed(part: string, messageId: string): boolean {
      const letter = part.startsWith(PART) ? sent.get(part.slice(PART.length)) : undefined;
      if (!letter) return false;
      letter.messageId = messageId;
      this.stored(messageId);
      return true;
    },
    /** An answer to `parent` began. @returns receipts of what it takes in. */
    answering(parent: string): readonly string[] {
      const at = order.get(parent);
      if (at === undefined) return [];
      return settle(inSession().filter(({ messageId }) => (order.get(messageId ?? "") ?? Number.POSITIVE_INFINITY) <= at));
    },
    /** The turn is over and these were not looked at: the last of them, sent once more under its id, makes the session go on. */
    again(): (Letter & { readonly messageId: string }) | null {
      const letter = inSession().at(-1);
      if (!letter || letter.messageId === null || letter.asked >= MOST_ASKED) return null;
      letter.asked += 1;
      return { receipt: letter.receipt, content: letter.content, messageId: letter.messageId };
    },
    /** @returns receipts of all that the session has. */
    giveUp: (): readonly string[] => settle(inSession()),
  };
}
