/** `skep send <to> <text>`: mail informs, it changes nothing. What it prints is where the letters stand, no more. */

import { type Clock, systemClock } from "../base/clock.ts";
import { quote } from "../base/errors.ts";
import type { LiveSwarm } from "../engine/host/context.ts";
import type { Letter, Standing } from "../store/ports.ts";
import { readerOf, standingFacts, standingWords, whyWaits } from "../tools/letter-facts.ts";
import { letterOf } from "./follow/letter.ts";
import { type Common, command, JSON_OUT, PROJECT } from "./shell/command.ts";
import { withDesk } from "./shell/desk.ts";
import { EXIT, UsageError } from "./shell/exit.ts";
import { jsonText } from "./shell/terminal.ts";

const WAIT_SECONDS = 60;

interface Options extends Common {
  readonly swarm?: string;
  readonly question?: true;
  readonly urgent?: true;
  readonly in?: string;
  readonly at?: string;
  readonly task?: string;
  readonly if?: string;
  readonly wait?: true | string;
}

export const run = command<Options>("send", {
  args: [
    ["<to>", "an agent (dev-1), a role (queen), or all"],
    ["<text...>", "the message; its first line is the subject"],
  ],
  options: [
    ["--question", "you need an answer; wakes an idle agent"],
    ["--urgent", "interrupt what the agent does"],
    ["--in <minutes>", "hold it back so long"],
    ["--at <time>", "hold it back until then, such as 2027-01-31T09:00"],
    ["--task <id>", "the task it is about"],
    ["--if <status>", "only while that task has this status"],
    ["--wait [seconds]", `until it was seen, at most so long (${WAIT_SECONDS})`],
    ["--swarm <id>", "when several are live"],
    PROJECT,
    JSON_OUT,
  ],
  examples: [
    'skep send dev-1 "The parser already handles comments: src/parse.ts:41"',
    'skep send queen "Leave the docs for later" --urgent --wait',
    'skep send dev-0 "Stop at the first error" --task t3 --if claimed',
  ],
  exits: { failed: "with --wait: not everybody has seen it in time" },
  about:
    "Leave a message in an agent's inbox. Prints where it stands: stored, offered to a session, or seen and by what proof. With --wait it ends with 0 once every reader has seen it, with 1 when somebody has not.",
  act: ([to = "", text = ""], options) =>
    withDesk({ project: options.project, acts: true }, async ({ call, terminal, swarm }) => {
      const facts = await call("message_send", orderOf(to, text, options, systemClock));
      const sent = facts.sent as readonly Sent[];
      if (options.wait === undefined) {
        terminal.print(options.json ? jsonText(facts) : sent.map(({ to, ...one }) => `${to}: ${one.note ?? words(one)}`).join("\n"));
        return EXIT.ok;
      }
      const letters = await settled(await swarm(options.swarm), sent, secondsOf(options.wait), systemClock);
      terminal.print(
        options.json
          ? jsonText({ ...facts, sent: letters.map(({ to, id, standing }) => ({ to, id, ...standingFacts(standing) })) })
          : letters.map(({ to, told }) => `${to}: ${told}`).join("\n"),
      );
      return letters.every(({ standing }) => standing.state === "seen") ? EXIT.ok : EXIT.failed;
    }),
});

interface Sent {
  readonly to: Letter["to"];
  readonly id: string;
  readonly state: string;
  readonly not_before?: string;
  readonly note?: string;
}

const words = ({ state, not_before: until }: Pick<Sent, "state" | "not_before">): string =>
  state === "stored" ? (until ? `stored, kept until ${until}` : "stored; it is read at the next step") : state;

function orderOf(to: string, text: string, options: Options, clock: Clock): Readonly<Record<string, unknown>> {
  const { swarm, question, urgent, task, if: status } = options;
  if (status !== undefined && task === undefined) throw new UsageError("--if says how a task must stand, --task which", "skep send --help");
  const minutes = minutesOf(options, clock);
  return {
    ...letterOf(to, text),
    ...(question ? { question } : {}),
    ...(urgent ? { urgent } : {}),
    ...(minutes === null ? {} : { in_minutes: minutes }),
    ...(task === undefined ? {} : { task }),
    ...(status === undefined ? {} : { expect: { task, status } }),
    ...(swarm === undefined ? {} : { swarm }),
  };
}

function minutesOf({ in: minutes, at }: Options, clock: Clock): number | null {
  if (minutes !== undefined && at !== undefined) throw new UsageError("--in and --at both say when", "the same command with one of them");
  if (minutes !== undefined) return numberOf("--in", minutes);
  if (at === undefined) return null;
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) throw new UsageError(`--at ${quote(at, 40)} is no time`, "skep send --help");
  return Math.max(0, (ms - clock.now()) / 60_000);
}

function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`${option} ${quote(text, 40)} is no number`, "skep send --help");
}

const secondsOf = (wait: true | string): number => (wait === true ? WAIT_SECONDS : numberOf("--wait", wait));

interface Waited {
  readonly to: Letter["to"];
  readonly id: string;
  readonly standing: Standing;
  /** The state in words, with what keeps it there. */
  readonly told: string;
}

/** Looks until every letter was seen or the time is over. */
async function settled(swarm: LiveSwarm, sent: readonly Sent[], seconds: number, clock: Clock): Promise<readonly Waited[]> {
  const over = new AbortController();
  const cancel = clock.after(seconds * 1_000, () => over.abort());
  const look = (): Promise<readonly Waited[]> => Promise.all(sent.map((one) => lookAt(swarm, one, clock)));
  try {
    let letters = await look();
    for await (const _ of swarm.mail.changes(over.signal)) {
      letters = await look();
      if (letters.every(({ standing }) => standing.state === "seen")) break;
    }
    return letters;
  } finally {
    cancel();
  }
}

async function lookAt(swarm: LiveSwarm, { to, id }: Sent, clock: Clock): Promise<Waited> {
  const [letter] = await swarm.mail.read(to, [id]);
  const standing = (await swarm.mail.standing(to, id)) ?? { state: "stored" };
  const reader = await swarm.look((state) => readerOf(state, to));
  return { to, id, standing, told: standingWords(standing, letter ? whyWaits(reader, letter) : null, clock) };
}
