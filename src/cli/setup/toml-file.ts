/** A table of its own at the end of a TOML file. smol-toml reads and writes values; comments it does not know, so nothing else is rewritten. */
import { parse, stringify, TomlError } from "smol-toml";
import { plain } from "../check/json-tree.ts";
import { BOM, type EntryPath, type EntryValue, type Format, lineBreak, lookAt, sameBut, takeBack } from "./format.ts";

export const toml: Format = {
  find: (text, path, value) => lookAt(read(text), path, value),

  add(text, path, value) {
    read(text);
    const eol = lineBreak(text);
    const table = stringify(path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, never>);
    const gap = /^\ufeff?\s*$/.test(text) || /\n\r?\n$/.test(text) ? "" : text.endsWith("\n") ? eol : eol + eol;
    const now = gap + `${table.trim()}\n`.replaceAll("\n", eol);
    const added = text + now;
    if (!says(added, path, value)) throw new SyntaxError(`line ${text.split("\n").length}: no table [${path.join(".")}] can stand there`);
    return { text: added, was: "", now };
  },

  remove(text, path, value, span) {
    if (this.find(text, path, value) !== "same") return null;
    const left = takeBack(text, span);
    if (left === null) return null;
    const after = readOrNull(left);
    return after !== null && lookAt(after, path, value) === "absent" && sameBut(after, read(text), path, value) ? left : null;
  },
};

/** What an earlier inline table forbids is known only when it is tried. */
function says(text: string, path: EntryPath, value: EntryValue): boolean {
  const read = readOrNull(text);
  return read !== null && lookAt(read, path, value) === "same";
}

function readOrNull(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function read(text: string): unknown {
  try {
    return plain(parse(text.startsWith(BOM) ? text.slice(1) : text));
  } catch (error) {
    if (error instanceof TomlError) throw new SyntaxError(`line ${error.line}: ${error.message.split("\n")[0] ?? "no TOML"}`);
    if (error instanceof RangeError) throw new SyntaxError("line 1: it is nested too deeply");
    throw error;
  }
}
