/** The life of a scripted agent once it is connected: messages in, turns out, one step after the other. */
import { sleep } from "../base/clock.ts";
import { type Action, begin, next, type Outcome, type Progress, settle } from "./interpreter.ts";
import type { Playbook } from "./playbook.ts";
import type { ProgressFile } from "./progress-file.ts";
import type { Output } from "./protocol.ts";
import type { ToolClient } from "./tool-client.ts";
import { doWork } from "./work.ts";

export interface Message {
  readonly text: string;
  readonly receipt: string;
}
export interface Session {
  readonly playbook: Playbook;
  readonly file: ProgressFile;
  readonly tools: ToolClient;
  readonly cwd: string;
  write(line: Output): void;
  /** Messages that arrived since the last look. */
  arrived(): readonly Message[];
}

/** Runs one turn to its end; what arrives on the way is taken in at the next step. Answers the new progress. */
export async function runTurn(session: Session, before: Progress, message: Message, signal: AbortSignal): Promise<Progress> {
  const { playbook, file, write } = session;
  let progress = begin(before, message.text);
  await file.save(progress);
  write({ type: "turn_started" });
  write({ type: "receipt", receipt: message.receipt });
  const usage = { input: tokens(message.text), output: 0 };
  for (;;) {
    for (const { receipt, text } of session.arrived()) {
      usage.input += tokens(text);
      write({ type: "receipt", receipt });
    }
    const action = next(playbook, progress);
    const outcome = await perform(session, action, progress, signal);
    usage.output += tokens(JSON.stringify(action));
    if (outcome && "answer" in outcome) usage.input += tokens(outcome.answer.text);
    if (signal.aborted) {
      // Not settled: the step is done again when the session is spoken to.
      write({ type: "turn_ended", ok: false, text: "", error: "interrupted", usage });
      return progress;
    }
    progress = settle(playbook, progress, action, outcome);
    await file.save(progress);
    if (action.do !== "end") continue;
    write({ type: "turn_ended", ok: action.fault === null, text: action.text, error: action.fault, usage });
    return progress;
  }
}

async function perform(session: Session, action: Action, progress: Progress, signal: AbortSignal): Promise<Outcome | null> {
  switch (action.do) {
    case "call":
      session.write({ type: "tool", name: action.tool, input: action.args });
      return { answer: await session.tools.call(action.tool, action.args, signal) };
    case "edit":
    case "remove":
    case "run":
      session.write({ type: "tool", name: action.do, input: action.do === "run" ? action.argv : action.path });
      return doWork(action, session.cwd, signal);
    case "say":
      session.write({ type: "text", text: action.text });
      return null;
    case "sleep":
      await sleep(action.ms, signal);
      return null;
    case "crash":
      // Recorded first: the next process of this session goes on behind it.
      await session.file.save(settle(session.playbook, progress, action, null));
      process.kill(process.pid, "SIGKILL");
      return null;
    case "end":
    case "rest":
      return null;
    default: {
      const never: never = action;
      throw new Error(`unhandled ${JSON.stringify(never)}`);
    }
  }
}

/** A model would have read and written about this much. */
const tokens = (text: string): number => Math.ceil(text.length / 4);
