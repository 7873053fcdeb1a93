/** Files of the checkout that skep may edit: read as what they are, and only where they really stand in it. */
import { lstatSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { quote, SkepError } from "../../base/errors.ts";

/** A settings file is a page or two. */
const MAX_BYTES = 1024 * 1024;

/** null: there is none. Throws SETTINGS_OUTSIDE, SETTINGS_UNREADABLE. */
export function readOwn(root: string, file: string): string | null {
  const full = path.join(root, file);
  refuseOutside(root, full, file);
  const stat = lstatSync(full, { throwIfNoEntry: false });
  if (!stat) return null;
  const bytes = readFileSync(full);
  const text = bytes.toString("utf8");
  if (bytes.length > MAX_BYTES || !Buffer.from(text).equals(bytes))
    throw unreadable(file, `it is no text in UTF-8 of at most ${MAX_BYTES} bytes`);
  return text;
}

export function unreadable(file: string, why: string): SkepError {
  const next = `correct ${file}, or name the other clients with --client`;
  return new SkepError("SETTINGS_UNREADABLE", `${quote(file)} cannot be edited safely, ${why}; nothing was written`, next);
}

/** A link may lead to another file of the checkout, nowhere else: what stands outside is not this project's. */
function refuseOutside(root: string, full: string, file: string): void {
  const inside = realpathSync(root);
  for (let at = full; at !== root; at = path.dirname(at)) {
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (!stat) continue;
    const real = realOrNull(at);
    const kind = stat.isSymbolicLink()
      ? "it is a link that leads out of the repository, or nowhere"
      : "it stands outside of the repository";
    if (real === null || !real.startsWith(`${inside}${path.sep}`) || real.startsWith(path.join(inside, ".git") + path.sep))
      throw new SkepError(
        "SETTINGS_OUTSIDE",
        `${quote(path.relative(root, at))} is not edited: ${kind}`,
        `replace the link by a file, or leave ${file} out with --client`,
      );
    if (at === full && !lstatSync(real).isFile()) throw unreadable(file, "it is no file");
    return;
  }
}

function realOrNull(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null; // a link to nothing, or in a circle
  }
}
