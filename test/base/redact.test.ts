/** Secrets are taken out, and nothing else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REDACTED, redact, redactDeep, Secrets, SHORTEST_SECRET } from "../../src/base/redact.ts";

const secret = fc
  .string({ minLength: SHORTEST_SECRET, maxLength: 60, unit: "binary-ascii" })
  .filter((text) => !text.includes("[") && !text.includes("]") && !REDACTED.includes(text));

test("[seen.redact.known] no registered secret stands in the result, wherever it stood and whatever stood beside it", () => {
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 5 }),
      fc.array(fc.string(), { maxLength: 6 }),
      fc.nat(),
      (known, between, at) => {
        const parts = between.flatMap((text, index) => [text, known[(at + index) % known.length] ?? ""]);
        const clean = redact([...parts, known[at % known.length]].join(""), known);
        for (const one of known) expect(clean).not.toContain(one);
      },
    ),
  );
});

test("[seen.redact.known] two secrets that overlap in a text leave nothing of either", () => {
  const [a, b] = ["abcdefghijklm", "hijklmnopqrst"];
  expect(redact("x abcdefghijklmnopqrst y", [a, b])).toBe(`x ${REDACTED} y`);
});

test("[seen.redact.known] a secret cut at the end or at the beginning of a clipped text is taken out as well", () => {
  fc.assert(
    fc.property(secret, fc.nat(), fc.boolean(), (one, n, marked) => {
      const size = SHORTEST_SECRET + (n % (one.length - SHORTEST_SECRET + 1));
      expect(redact(`some text, ${one.slice(0, size)}${marked ? "…" : ""}`, [one])).not.toContain(one.slice(0, size));
      expect(redact(`${one.slice(one.length - size)} some text`, [one])).not.toContain(one.slice(one.length - size));
    }),
  );
});

test("[seen.redact.known] a secret is found as JSON and addresses write it, in every field of a value", () => {
  const odd = 'pa"ss\\word&1 2';
  const clean = (text: string) => redact(text, [odd]);
  expect(clean(JSON.stringify({ odd }))).toBe(`{"odd":"${REDACTED}"}`);
  expect(clean(`https://x.test/?k=${encodeURIComponent(odd)}`)).toBe(`https://x.test/?k=${REDACTED}`);
  expect(redactDeep({ list: [{ [odd]: `a ${odd}` }, 1, null] }, clean)).toEqual({ list: [{ [REDACTED]: `a ${REDACTED}` }, 1, null] });
});

test("[seen.redact.known] variables are secret by their name; what is too short to be one is left alone", () => {
  const secrets = new Secrets();
  secrets.addFrom({ ANTHROPIC_API_KEY: "made-up-key-1", LANG: "de_DE.UTF-8", DB_PASSWORD: "short", GH_TOKEN: undefined });
  expect(secrets.redact("made-up-key-1 de_DE.UTF-8 short")).toBe(`${REDACTED} de_DE.UTF-8 short`);
});

const tail = (n: number): string => "a1B2c3D4e5".repeat(20).slice(0, n);

describe("[seen.redact.forms]", () => {
  test.each([
    [`sk-ant-api03-${tail(40)}`, REDACTED],
    [`key=sk-proj-${tail(40)};`, `key=${REDACTED};`],
    [`ghp_${tail(36)}`, REDACTED],
    [`github_pat_${tail(40)}`, REDACTED],
    [`AKIA${"Z".repeat(16)}`, REDACTED],
    [`xoxb-${tail(24)}`, REDACTED],
    [`AIza${tail(35)}`, REDACTED],
    [`Authorization: Bearer ${tail(20)}`, `Authorization: Bearer ${REDACTED}`],
    [`{"authorization":"Basic ${tail(20)}"}`, `{"authorization":"Basic ${REDACTED}"}`],
    [`x-api-key: ${tail(12)}`, `x-api-key: ${REDACTED}`],
    [`git clone https://me:${tail(12)}@host.test/a.git`, `git clone https://me:${REDACTED}@host.test/a.git`],
    [`a\n-----BEGIN RSA PRIVATE KEY-----\n${tail(60)}\n-----END RSA PRIVATE KEY-----\nb`, `a\n${REDACTED}\nb`],
    [`-----BEGIN PRIVATE KEY-----\n${tail(60)}`, REDACTED],
  ])("%s is taken out", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  test.each([
    "task-1234567890-1234567890",
    "import { sk } from './sk-loading-spinner-container'",
    "const token = process.env.GITHUB_TOKEN;",
    "the bearer of bad news",
    "https://example.test:8080/path@2",
    "641b86ee6fe5b624fa5b2d532635f7e231cd4dde",
    "authorization: none",
  ])("%s stays", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("a long hostile text costs no more than a long honest one", () => {
    for (const text of ["-----BEGIN PRIVATE KEY-----".repeat(4_000), "sk-".repeat(30_000), "a://b:".repeat(20_000), "eyJ".repeat(30_000)])
      expect(redact(text).length).toBeLessThanOrEqual(text.length);
  }, 5_000);
});
