/** Where Claude Code's native binary stands. */
import type { Env } from "./harness.ts";
import { findNative } from "./native-binary.ts";

/** The glibc build first, as the wrapper itself prefers; where only the musl one is installed it is taken. */
const platforms = (): readonly string[] => {
  const name = `${process.platform}-${process.arch}`;
  return process.platform === "linux" ? [name, `${name}-musl`] : [name];
};

export const findClaude = (env: Env): string | null =>
  findNative(env, {
    name: "claude",
    homes: [".local/bin", ".claude/local"],
    scope: "@anthropic-ai",
    wrapper: "claude-code",
    natives: platforms().map((platform) => `claude-code-${platform}/claude`),
  });
