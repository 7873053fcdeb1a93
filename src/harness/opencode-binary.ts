/** Where OpenCode's native binary stands, in the order in which builds are to be tried: not every processor and libc runs each. */
import type { Env } from "./harness.ts";
import { nativeBuilds } from "./native-binary.ts";

export const findOpencode = (env: Env): readonly string[] =>
  nativeBuilds(env, {
    name: "opencode",
    homes: [".opencode/bin", ".local/bin"],
    scope: "",
    wrapper: "opencode-ai",
    natives: ["", "-baseline", "-musl", "-baseline-musl"].map((kind) => `opencode-${process.platform}-${process.arch}${kind}/bin/opencode`),
  });
