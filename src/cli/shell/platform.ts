/** Where skep cannot work, said before anything is loaded that needs more. */

/** The oldest Node skep is tested on. */
const OLDEST_NODE = [20, 19] as const;

/** The line to print, or null. */
export function refusePlatform({ platform, node }: { readonly platform: string; readonly node: string }): string | null {
  if (platform === "win32")
    return "NO_WINDOWS: skep needs processes and files as Linux has them. Next: open a WSL terminal (wsl --install) and start skep there.";
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return isOld
    ? `NODE_TOO_OLD: this is Node ${node}; skep needs 20.19 or newer. Next: install a newer Node from https://nodejs.org.`
    : null;
}
