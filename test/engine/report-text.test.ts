/** What agents wrote, in both forms of a report: text, and nothing else. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Document } from "../../src/engine/report/document.ts";
import { html, plain as htmlText } from "../../src/engine/report/html.ts";
import { markdown, plain as markdownText } from "../../src/engine/report/markdown.ts";

const HOSTILE = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' style='position:fixed' x='",
  "&lt;script&gt; &#60;b&#62;",
  "a | b | c",
  "`code` ``more``",
  "[click](javascript:alert(1)) ![x](http://evil.example/p.png)",
  "**bold** _it_ ~~gone~~",
  "# heading",
  "- item",
  "1. item",
  "line one\n\n## a section\n| x | y |",
  "\u001b[31mred\u001b[0m \u202eoverride\u200b",
  "</style><style>*{display:none}</style>",
  "https://evil.example/ www.evil.example",
];

/** The same words everywhere a document takes any. */
const documentWith = (text: string): Document => ({
  title: text,
  lead: [{ kind: "text", line: [text, { bold: text }, { code: text }] }],
  sections: [
    {
      title: "Section",
      blocks: [
        { kind: "text", line: [text] },
        { kind: "table", head: ["a", "b"], rows: [[[text], [{ code: text }]]], right: 1 },
        { kind: "list", items: [{ line: [text], below: [[{ bold: text }]] }] },
        { kind: "bars", rows: [{ label: text, bars: [{ from: 0, to: 1, tone: "good", about: text }] }] },
      ],
    },
  ],
  foot: text,
});

const tagsOf = (page: string): readonly string[] => page.match(/<[^>]*>/g) ?? [];
/** Tags without the values of their attributes. */
const shape = (page: string): string =>
  tagsOf(page)
    .join("")
    .replace(/"[^"]*"/g, '""');
const any = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."<>&\"'`|*_[]()!\\# \n\u001ba".split("")) }),
);

test("[retrospect.foreign] no text changes the tags of the page, nor does a sign of it stay raw", () => {
  const expected = shape(html(documentWith("plain")));
  fc.assert(
    fc.property(any, (text) => {
      expect(shape(html(documentWith(text)))).toBe(expected);
      expect(htmlText(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
    }),
    { numRuns: 300 },
  );
  expect(htmlText(HOSTILE[0] ?? "")).toBe("&lt;script&gt;alert(1)&lt;/script&gt;");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  expect(html(documentWith(HOSTILE.join(" ")))).not.toMatch(/[\u0000-\u0008\u001b\u202e\u200b]/);
});

test("[retrospect.foreign] no text changes the lines and cells of the Markdown, nor makes markup", () => {
  const lines = (text: string): readonly string[] => markdown(documentWith(text)).split("\n");
  const cells = (line: string): number => line.replace(/\\[|\\]/g, "").split("|").length;
  const expected = lines("plain");
  fc.assert(
    fc.property(any, (text) => {
      const got = lines(text);
      expect(got).toHaveLength(expected.length);
      const row = got.findIndex((line) => line.startsWith("| ---"));
      expect(cells(got[row + 1] ?? "")).toBe(cells(expected[row + 1] ?? ""));
      expect(markdownText(text).replace(/\\./g, "§")).not.toMatch(/[`*[\]<>|~]|&[#\w]|:\/\/|^\s*([-+=#]|\d+[.)])/);
    }),
    { numRuns: 300 },
  );
  expect(HOSTILE.slice(4, 7).map(markdownText)).toEqual([
    "a \\| b \\| c",
    "\\`code\\` \\`\\`more\\`\\`",
    "\\[click\\](javascript:alert(1)) !\\[x\\](http\\://evil.example/p.png)",
  ]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  expect(markdown(documentWith(HOSTILE.join(" ")))).not.toMatch(/[\u0000-\u0008\u001b\u202e\u200b]/);
});

test("[retrospect.page] the page runs and loads nothing, follows the reader's light or dark, and can be printed", () => {
  const page = html(documentWith("plain"));
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|base|form|a)\b|\bsrc=|\bhref=|url\(|@import|\bon\w+=/i);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"`);
  expect(page).toContain("@media (prefers-color-scheme: dark)");
  expect(page).toContain("@media print");
});
