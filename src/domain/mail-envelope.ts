/** A letter as a model sees it: who sent it, as skep knows, and its text marked line by line as somebody else's. */
import { framed, inline } from "./foreign.ts";

export interface Envelope {
  readonly id: string;
  readonly from: string;
  /** Role of the sender; null for skep and the operator. */
  readonly role: string | null;
  readonly kind: string;
  readonly urgent?: boolean;
  readonly task?: string | null;
  readonly replyTo?: string | null;
  readonly subject: string;
  readonly body: string;
  /** How long ago it was sent. */
  readonly ageMs: number;
}

const BODY_BYTES = 16 * 1024;

export function renderMail(mail: Envelope): string {
  const marks = [
    ["id", mail.id],
    ["from", mail.from],
    ["role", mail.role],
    ["task", mail.task],
    ["kind", mail.kind],
    ["urgent", mail.urgent ? "yes" : null],
    ["re", mail.replyTo],
    ["age", age(mail.ageMs)],
  ].flatMap(([name, value]) => (value ? [`${name}="${attribute(value)}"`] : []));
  const body = framed(mail.body, BODY_BYTES, `inbox_read with id ${mail.id}`);
  return [`<mail ${marks.join(" ")}>`, `| ${inline(mail.subject, 200)}`, ...(body === "" ? [] : [body]), "</mail>"].join("\n");
}

/** Several letters as one text, oldest first. */
export const renderMails = (mails: readonly Envelope[]): string => mails.map(renderMail).join("\n");

const attribute = (value: string): string => inline(value, 80).replace(/["<>&]/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function age(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return `${Math.max(0, Math.floor(ms / 1000))}s`;
  return minutes < 120 ? `${minutes}m` : `${Math.floor(minutes / 60)}h`;
}
