/** Names and words made to move a cursor, hide text or pass for skep's own, at a terminal and in refusals. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { quote, renderFault, SkepError } from "../../src/base/errors.ts";
import { fileName } from "../../src/domain/foreign.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const EVIL = "a \u001b]0;owned\u0007\u009b2J \u202etxt.exe\u2066 \u2028b\u0085c\r\u200bd";

test("[security.shown.quote] a quoted name reads back whole and holds no character that a terminal obeys", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 100 }), fc.constant(EVIL)), (text) => {
      expect(quote(text, 1_000)).not.toMatch(RAW);
      expect(JSON.parse(quote(text, 1_000))).toBe(text);
      expect(fileName(text)).not.toMatch(RAW);
      expect(renderFault(new SkepError("X", `what ${quote(text)}`, `rm ${quote(text)}`))).not.toMatch(RAW);
    }),
  );
});
