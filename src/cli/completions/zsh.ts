import { type Completed, single } from "./words.ts";

/** Colons part a word from what it means. */
const told = (word: string, about: string): string => single(`${word.replaceAll(":", "\\:")}:${about}`);

/** It may be read with `source`, or lie in a folder of `$fpath`, where the whole file is the function. */
export function zsh(commands: readonly Completed[]): string {
  const list = commands.map(({ name, summary }) => `      ${told(name, summary)}`);
  const cases = commands.map(
    ({ name, options }) =>
      `    ${name}) found=(${options.flatMap(({ flags, about }) => flags.map((flag) => told(flag, about))).join(" ")}) ;;`,
  );
  return `#compdef skep
# completion of skep for zsh
_skep() {
  local -a found
  if ((CURRENT == 2)); then
    found=(
${list.join("\n")}
    )
    _describe command found
    return
  fi
  case "$words[2]" in
${cases.join("\n")}
    *) _files; return ;;
  esac
  if [[ "$PREFIX" == -* ]]; then _describe -o option found; else _files; fi
}
if [[ "$funcstack[1]" == _skep ]]; then _skep "$@"; else compdef _skep skep; fi
`;
}
