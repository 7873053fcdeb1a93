/** Every command, one line each, in order of name. A test compares this list with the folder. Nothing is loaded here. */
export interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Started by skep itself; not shown. */
  readonly hidden?: true;
  /** @returns the module, whose `run` answers with the exit code. */
  readonly load: () => Promise<{ run(argv: readonly string[]): Promise<number> }>;
}

export const COMMANDS: readonly Entry[] = [
  { name: "agent", summary: "a scripted agent", hidden: true, load: () => import("./agent.ts") },
  { name: "answer", summary: "answer a gate: a question only a human may decide", load: () => import("./answer.ts") },
  { name: "attach", summary: "work in an agent's session yourself, and give it back", load: () => import("./attach.ts") },
  { name: "check", summary: "run the checks on your own change, or put them into your hooks", load: () => import("./check.ts") },
  { name: "completion", summary: "completion of commands and options for bash, zsh and fish", load: () => import("./completion.ts") },
  { name: "config", summary: "show every setting, and where it comes from", load: () => import("./config.ts") },
  { name: "dead-letters", summary: "show messages nobody will read, and send them on", load: () => import("./dead-letters.ts") },
  { name: "demo", summary: "watch a whole swarm work in a temporary repository, on scripted agents", load: () => import("./demo.ts") },
  { name: "doctor", summary: "look at everything skep needs, and say how to mend it", load: () => import("./doctor.ts") },
  { name: "events", summary: "print the log of a swarm as JSON lines, and follow it", load: () => import("./events.ts") },
  { name: "gc", summary: "show and remove what ended swarms left in the repository", load: () => import("./gc.ts") },
  { name: "git-starter", summary: "starts git for a host", hidden: true, load: () => import("./git-starter.ts") },
  { name: "hook", summary: "called by the hooks of your own sessions", hidden: true, load: () => import("./hook.ts") },
  { name: "init", summary: "set skep up in this project and its MCP clients", load: () => import("./init.ts") },
  { name: "keeper", summary: "keeps a host running", hidden: true, load: () => import("./keeper.ts") },
  { name: "land", summary: "bring the merged work of a swarm to your branch", load: () => import("./land.ts") },
  { name: "logs", summary: "show what happened in a swarm, or what an agent was told, said and did", load: () => import("./logs.ts") },
  { name: "mcp", summary: "MCP server over stdio: what the entry in .mcp.json runs", load: () => import("./mcp.ts") },
  { name: "notify", summary: "try how you are told that a swarm waits for you", load: () => import("./notify.ts") },
  { name: "oneshot", summary: "a program run once per message", hidden: true, load: () => import("./oneshot.ts") },
  { name: "pause", summary: "pause a swarm; turns that run may end", load: () => import("./pause.ts") },
  { name: "pipeline", summary: "list, preview and start plans for goals of a known shape", load: () => import("./pipeline.ts") },
  { name: "report", summary: "show what a swarm did, cost and taught", load: () => import("./report.ts") },
  { name: "resume", summary: "go on with a paused swarm", load: () => import("./resume.ts") },
  {
    name: "review-audit",
    summary: "measure what your reviewers find, on merged changes with planted defects",
    load: () => import("./review-audit.ts"),
  },
  { name: "run", summary: "start a swarm on a goal and follow it to its end", load: () => import("./run.ts") },
  { name: "send", summary: "leave a message in an agent's inbox", load: () => import("./send.ts") },
  { name: "serve", summary: "be the host of this project; other commands start one by themselves", load: () => import("./serve.ts") },
  { name: "status", summary: "show where a swarm stands", load: () => import("./status.ts") },
  { name: "stop", summary: "end a swarm for good; its work is kept", load: () => import("./stop.ts") },
  { name: "undo", summary: "take a merged task back out of the integration branch", load: () => import("./undo.ts") },
  { name: "uninstall", summary: "take out of this project what skep put in", load: () => import("./uninstall.ts") },
  { name: "watch", summary: "see a swarm on the whole screen, and answer, read and steer there", load: () => import("./watch.ts") },
];
