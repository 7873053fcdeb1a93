/**
 * The name of a letter's file: `<id>.<sender>[.<mark>].json`. The mark says what is true of the letter in the folder it lies in,
 * so that one rename moves the letter and keeps the reason: in new/ when it may be read, in offered/ to whom it was handed and
 * when, in cur/ who saw it, by what proof and when. Nothing has to be opened to tell.
 */
import { LETTER_ID_LENGTH } from "../letter.ts";
import type { Letter, MailState, SeenProof, Standing } from "../ports.ts";

const ID = "[0-9a-hjkmnp-tv-z]{22}";
const NAME = "[a-z][a-z0-9-]{0,39}";
const FORM = new RegExp(`^${ID}\\.(${NAME})(?:\\.(?:(\\d{1,16})|(${NAME})(?:\\.(receipt|turn|tool))?\\.(\\d{1,16})))?\\.json$`);

/** Most names bear no mark, and inboxes may be long. */
const PLAIN = new RegExp(`^${ID}\\.${NAME}\\.json$`);

export const isLetterName = (name: string): boolean => PLAIN.test(name) || FORM.test(name);
export const idOf = (name: string): string => name.slice(0, LETTER_ID_LENGTH);

/** The sender, of a name whose form was checked. */
export const senderOf = (name: string): string => FORM.exec(name)?.[1] ?? "";

/** When it may be read, of a name in new/; 0: at once. */
export const dueOf = (name: string): number => (isPlain(name) ? 0 : Number(FORM.exec(name)?.[2] ?? 0));
const isPlain = (name: string): boolean => name.indexOf(".", LETTER_ID_LENGTH + 1) === name.length - ".json".length;

/** As the letter is named when it is stored. */
export function storedName({ id, from, notBefore }: Pick<Letter, "id" | "from" | "notBefore">): string {
  return `${id}.${from}${notBefore === undefined ? "" : `.${Math.ceil(notBefore)}`}.json`;
}

/** The same letter in another folder, with another mark or none. */
export function renamed(name: string, mark: Mark | null): string {
  const told = mark === null ? [] : mark.proof === undefined ? [mark.session, mark.at] : [mark.session, mark.proof, mark.at];
  return [idOf(name), senderOf(name), ...told, "json"].join(".");
}
export interface Mark {
  readonly session: string;
  readonly at: number;
  readonly proof?: SeenProof;
}

export function standingOf(name: string, state: MailState, now: number): Standing {
  const [, , due, session, proof, at] = FORM.exec(name) ?? [];
  if (state === "stored") return due !== undefined && Number(due) > now ? { state, notBefore: Number(due) } : { state };
  const told = session === undefined ? {} : { session, at: Number(at) };
  return { state, ...told, ...(proof === undefined ? {} : { proof: proof as SeenProof }) };
}
