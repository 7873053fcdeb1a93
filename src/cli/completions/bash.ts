import type { Completed } from "./words.ts";

/** The command first, then its options; file names where neither fits. */
export function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options }) => `    ${name}) words="${options.flatMap(({ flags }) => flags).join(" ")}" ;;`);
  return `# completion of skep for bash
_skep() {
  local words="${commands.map(({ name }) => name).join(" ")} --help --version"
  if ((COMP_CWORD > 1)); then
    case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
    *) return ;;
    esac
    [[ "\${COMP_WORDS[COMP_CWORD]}" == -* ]] || return
  fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _skep skep
`;
}
