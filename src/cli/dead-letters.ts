/** `skep dead-letters`: what nobody will read as things stand, and how it still reaches somebody. */

import { quote, SkepError } from "../base/errors.ts";
import { asId, type SeatId } from "../base/ids.ts";
import { inline } from "../domain/foreign.ts";
import { type DeadLetter, deadLetters, sendOn } from "../engine/dead-letters.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

type Options = Common & { resend?: string; to?: string };

export const run = command<Options>("dead-letters", {
  about:
    "Show messages that nobody will read as things stand: their reader was stopped, the swarm has ended, or the file is damaged. They stay where they are; with --resend and --to one goes to an agent that can read it.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [["--resend <letter>", "send this one again"], ["--to <agent>", "to whom"], PROJECT, JSON_OUT],
  examples: ["skep dead-letters", "skep dead-letters --resend 01k3v9-2f --to dev-1"],
  act([named], { project, json = false, resend, to }) {
    if ((resend === undefined) !== (to === undefined))
      throw new UsageError("--resend says which letter, --to whom", "skep dead-letters --help");
    return withDesk({ project, acts: resend !== undefined }, async (desk) => {
      const swarm = await desk.swarm(named);
      if (resend !== undefined && to !== undefined) {
        const sent = await sendOn(swarm, resend, agentId(to));
        desk.terminal.print(json ? jsonText({ ...sent, to }) : `${to}: ${sent.repeated ? "has it already" : "stored"}`);
        return EXIT.ok;
      }
      const dead = await deadLetters(swarm);
      if (json) desk.terminal.print(jsonText({ swarm: swarm.id, letters: dead.map(facts) }));
      else desk.terminal.print(dead.length === 0 ? "No dead letters." : dead.map(line).join("\n"));
      return EXIT.ok;
    });
  },
});

function agentId(text: string): SeatId {
  const id = asId<SeatId>(text);
  if (id === null) throw new SkepError("BAD_ID", `${quote(text, 40)} is no agent's id`, "skep status");
  return id;
}

const facts = ({ id, to, why, letter }: DeadLetter) => ({
  ...{ id, to, why },
  ...(letter === null ? {} : { from: letter.from, at: letter.at, kind: letter.kind, subject: letter.subject, body: letter.body }),
});

const line = ({ id, to, why, letter }: DeadLetter): string =>
  letter === null ? `${id}  to ${to}: ${why}` : `${id}  ${letter.from} to ${to}, ${JSON.stringify(inline(letter.subject, 100))}: ${why}`;
