/** Where Codex's native binary stands. */
import type { Env } from "./harness.ts";
import { findNative } from "./native-binary.ts";

const ARCH: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };
const SYSTEM: Readonly<Record<string, string>> = { linux: "unknown-linux-musl", darwin: "apple-darwin" };

/** Inside its platform package the binary stands below the target's long name. */
export function codexNatives(platform: string = process.platform, arch: string = process.arch): readonly string[] {
  const [processor, system] = [ARCH[arch], SYSTEM[platform]];
  return processor && system ? [`codex-${platform}-${arch}/vendor/${processor}-${system}/bin/codex`] : [];
}

export const findCodex = (env: Env): string | null =>
  findNative(env, { name: "codex", homes: [".local/bin"], scope: "@openai", wrapper: "codex", natives: codexNatives() });
