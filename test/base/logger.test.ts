/** The log a host leaves behind. */
import { expect, test } from "vitest";
import { createLogger } from "../../src/base/logger.ts";
import { Secrets } from "../../src/base/redact.ts";

test("[seen.redact.log] a secret in a message, a field, a nested field or an error is taken out, and lines stay JSON", () => {
  const lines: string[] = [];
  const secrets = new Secrets();
  const logger = createLogger("test", "info", secrets.redact, { write: (line) => void lines.push(line) });
  secrets.add("known-secret-1");
  logger.info("a known-secret-1 b");
  logger.warn({ why: "known-secret-1", deep: { list: ["x known-secret-1"] }, token: "whatever" }, "said");
  logger.error({ err: new Error("failed with known-secret-1") }, "sk-ant-api03-aaaaaaaaaaaa");
  const read = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.join("")).not.toContain("known-secret-1");
  expect(read).toMatchObject([
    { msg: "a [redacted] b" },
    { why: "[redacted]", deep: { list: ["x [redacted]"] }, token: "[redacted]", msg: "said" },
    { err: { type: "Error", message: "failed with [redacted]" }, msg: "[redacted]" },
  ]);
});
