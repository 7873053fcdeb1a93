/** `skep send <to> <text>`: mail informs, it changes nothing. */
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

const LONGEST_SUBJECT = 120;

export const run = command<Common & { swarm?: string; question?: true }>("send", {
  args: [
    ["<to>", "an agent (dev-1), a role (queen), or all"],
    ["<text...>", "the message; its first line is the subject"],
  ],
  options: [["--question", "you need an answer"], ["--swarm <id>", "when several are live"], PROJECT, JSON_OUT],
  examples: ['skep send dev-1 "The parser already handles comments: src/parse.ts:41"', 'skep send queen "Leave the docs for later"'],
  act: ([to, text = ""], { project, json, swarm, question }) =>
    withDesk({ project, acts: true }, async ({ call, terminal }) => {
      const [first = ""] = text.trim().split("\n");
      const subject = first.length > LONGEST_SUBJECT ? `${first.slice(0, LONGEST_SUBJECT - 1)}…` : first;
      const named = swarm === undefined ? {} : { swarm };
      const facts = await call("message_send", { to, subject, body: text, ...(question ? { question } : {}), ...named });
      const readers = (facts.sent as readonly { readonly to: string }[]).map((one) => one.to).join(", ");
      terminal.print(json ? jsonText(facts) : `left for ${readers}; it is read at the next step`);
      return EXIT.ok;
    }),
});
