/** `skep events [swarm]`: the log of a swarm for programs, one JSON object per line, as it is and as it grows. */
import { escaped, quote } from "../base/errors.ts";
import { type Commit, interruption, news } from "./follow/news.ts";
import { type Common, command, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";

interface Options extends Common {
  readonly follow?: true;
  readonly from?: string;
}

export const run = command<Options>("events", {
  about:
    "Print every event of a swarm as one JSON object per line: seq is the commit it stands in, n its place there, type what it is, data what it says. What was printed stays true: a log only grows. Prose of agents stands as the address of its artifact.",
  args: [["[swarm]", "its id; the live one, else the newest, when left out"]],
  options: [
    ["-f, --follow", "go on until the swarm has ended, Ctrl-C, or nobody reads any more"],
    ["--from <seq>", "begin with this commit: give the last seq you read, its events come once more"],
    PROJECT,
  ],
  examples: ["skep events", "skep events -f | jq -c 'select(.type == \"task_merged\")'", "skep events s-7k2m9q -f --from 120"],
  act([named], { project, follow, from }) {
    const first = seqOf(from);
    return withDesk({ project, acts: false }, async (desk) => {
      const swarm = await desk.swarm(named);
      const show = (commit: Commit): void => {
        for (const line of eventLines(swarm.id, commit)) desk.terminal.print(line);
      };
      if (!follow) {
        for (const commit of await swarm.events(first - 1)) show(commit);
        return EXIT.ok;
      }
      const { signal, stop } = interruption("reads");
      try {
        for await (const commit of news(swarm, { after: first - 1, signal, needHost: desk.needHost })) show(commit);
      } finally {
        stop();
      }
      return EXIT.ok;
    });
  },
});

function seqOf(text = "1"): number {
  if (/^[1-9]\d{0,11}$/.test(text)) return Number(text);
  throw new UsageError(`--from takes the number of a commit, from 1, not ${quote(text, 40)}`, "skep events --from 1");
}

const eventLines = (swarm: string, { seq, at, by, events }: Commit): readonly string[] =>
  events.map(({ type, ...data }, index) => escaped(JSON.stringify({ swarm, seq, n: index + 1, at, by, type, data })));
