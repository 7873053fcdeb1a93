/**
 * Takes secrets out of text before it is written anywhere: exact values that are known, and what well-known credentials
 * look like. Pure; whoever knows secrets keeps them in a `Secrets` and hands its `redact` on.
 */
export type Redact = (text: string) => string;

export const REDACTED = "[redacted]";

/** Shorter values stand in ordinary text: blotting them out would destroy it and hide nothing. */
export const SHORTEST_SECRET = 8;

/** What is kept of a match: the first group, where a pattern has one. */
const KNOWN_FORMS: readonly RegExp[] = [
  // A block whose end was cut off is a key all the same. An escaped line break is one too: keys travel inside JSON.
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[^-"]|-(?!----))*(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  /\bsk-ant-[\w-]{8,}/g,
  /(?<![\w-])sk-(?=[\w-]{0,200}\d)[\w-]{20,}/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bxox[a-z]-[\w-]{10,}/g,
  /\bAIza[\w-]{30,}/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
  /(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[^\s"'\\]{6,}/gi,
  /(\bx-api-key["']?\s*[:=]\s*["']?)[^\s"'\\]{6,}/gi,
  /(\bbearer\s+)[\w.~+/-]{20,}=*/gi,
  /(\w:\/\/[^\s:@/"']{1,64}:)[^\s:@/"']{3,256}(?=@)/g,
];

export function redact(text: string, secrets: readonly string[] = []): string {
  let left = without(text, secrets);
  for (const form of KNOWN_FORMS) left = left.replace(form, (_all, kept: unknown) => `${typeof kept === "string" ? kept : ""}${REDACTED}`);
  return left;
}

/** All strings inside a plain value, names of fields too. Anything that is no plain data is taken as it is. */
export function redactDeep(value: unknown, clean: Redact): unknown {
  if (typeof value === "string") return clean(value);
  if (Array.isArray(value)) return value.map((item) => redactDeep(item, clean));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [clean(name), redactDeep(item, clean)]));
}

/** All places are found in the text as it is, then cut out together: two secrets that overlap leave nothing of either. */
function without(text: string, secrets: readonly string[]): string {
  const places = secrets.filter(({ length }) => length >= SHORTEST_SECRET).flatMap((secret) => placesOf(secret, text));
  if (places.length === 0) return text;
  let left = "";
  let end = 0;
  for (const [from, to] of places.sort((a, b) => a[0] - b[0])) {
    if (from >= end) left += `${text.slice(end, from)}${REDACTED}`;
    end = Math.max(end, to);
  }
  return left + text.slice(end);
}

type Place = readonly [from: number, to: number];

function placesOf(secret: string, text: string): readonly Place[] {
  const places: Place[] = [];
  for (const form of formsOf(secret)) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) places.push([at, at + form.length]);
  }
  return [...places, ...cutOff(secret, text)];
}

/** As it stands inside JSON and in an address as well. */
function formsOf(secret: string): ReadonlySet<string> {
  return new Set([secret, JSON.stringify(secret).slice(1, -1), inAddress(secret)]);
}

function inAddress(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    return secret; // half a character: it can stand in no address
  }
}

/** Text is clipped before it comes here: a secret may begin right before its end or end right after its beginning. */
function cutOff(secret: string, text: string): readonly Place[] {
  const body = text.endsWith("…") ? text.slice(0, -1) : text;
  const most = Math.min(secret.length - 1, body.length);
  const places: Place[] = [];
  const [head, tail] = [body.slice(0, most), body.slice(body.length - most)];
  if (tail.includes(secret.slice(0, SHORTEST_SECRET))) {
    const size = longest(most, (length) => tail.endsWith(secret.slice(0, length)));
    if (size > 0) places.push([body.length - size, body.length]);
  }
  if (head.includes(secret.slice(-SHORTEST_SECRET))) {
    const size = longest(most, (length) => head.startsWith(secret.slice(secret.length - length)));
    if (size > 0) places.push([0, size]);
  }
  return places;
}

function longest(most: number, fits: (length: number) => boolean): number {
  for (let length = most; length >= SHORTEST_SECRET; length -= 1) if (fits(length)) return length;
  return 0;
}

/** Names of variables whose values are secrets. */
const SECRET_NAME = /TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIAL|COOKIE|CUSTOM_HEADERS/i;
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

/** Tokens of sessions that are long gone are void. */
const MOST_SECRETS = 300;

/** The secrets one process knows. */
export class Secrets {
  readonly #known = new Set<string>();

  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return;
    this.#known.delete(secret);
    this.#known.add(secret);
    for (const oldest of this.#known) {
      if (this.#known.size <= MOST_SECRETS) break;
      this.#known.delete(oldest);
    }
  }

  /** Values of variables whose name says that they are secret. */
  addFrom(env: Readonly<Record<string, string | undefined>>): void {
    for (const [name, value] of Object.entries(env)) if (value !== undefined && isSecretName(name)) this.add(value);
  }

  readonly redact: Redact = (text) => redact(text, [...this.#known]);
}
