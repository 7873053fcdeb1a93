/**
 * A failure that somebody can act on. `code` is stable and documented, `message` says what and why,
 * `next` names one call or command. Text from agents, files and programs is quoted and cut before it enters.
 */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly retryable: boolean;
}

export class SkepError extends Error implements Fault {
  override readonly name = "SkepError";
  readonly code: string;
  readonly next: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, next: string, more: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.next = next;
    this.retryable = more.retryable ?? false;
  }
}

/** The one line every front end prints: `CODE: what, why. Next: one call.` */
export function renderFault(fault: Fault): string {
  const message = fault.message.replace(/[.\s]+$/, "");
  return `${fault.code}: ${message}. Next: ${fault.next.replace(/[.\s]+$/, "")}.`;
}

/** Foreign text made safe to stand inside a sentence: quoted, control characters escaped, cut. */
export function quote(text: string, max = 120): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return escaped(JSON.stringify(cut));
}

/** What JSON leaves as it is and a terminal or a reader may take for more than text: controls, bidirectional and hidden marks. */
const HIDDEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** JSON that says the same and shows what is in it. */
export const escaped = (json: string): string => json.replace(HIDDEN, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Any thrown value as one short line, for logs and `effect_failed`. */
export function describeError(error: unknown): string {
  if (error instanceof SkepError) return `${error.code}: ${error.message}`;
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
