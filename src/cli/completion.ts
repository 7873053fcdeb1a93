/** `skep completion <shell>`: a script for the shell, made from the list of commands and what each one takes. */
import { quote } from "../base/errors.ts";
import { nearest } from "../base/nearest.ts";
import { bash } from "./completions/bash.ts";
import { fish } from "./completions/fish.ts";
import type { Completed } from "./completions/words.ts";
import { completed } from "./completions/words.ts";
import { zsh } from "./completions/zsh.ts";
import { COMMANDS } from "./index.ts";
import { command } from "./shell/command.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { openTerminal } from "./shell/terminal.ts";

const SHELLS: Readonly<Record<string, (commands: readonly Completed[]) => string>> = { bash, fish, zsh };

export const run = command("completion", {
  about: "Print a script that completes the commands and options of skep in your shell. Print it again after an update.",
  args: [["<shell>", "bash, zsh or fish"]],
  examples: [
    "skep completion bash > ~/.local/share/bash-completion/completions/skep",
    'skep completion zsh > "$' + '{fpath[1]}/_skep"',
    "skep completion fish > ~/.config/fish/completions/skep.fish",
  ],
  async act([shell = ""]) {
    const script = Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (!script) {
      const meant = nearest(shell, Object.keys(SHELLS));
      throw new UsageError(`there is no completion for ${quote(shell, 60)}`, `skep completion ${meant ?? "bash"}`);
    }
    openTerminal().print(script(await completed(COMMANDS)).trimEnd());
    return EXIT.ok;
  },
});
