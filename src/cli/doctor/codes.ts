/**
 * What `skep doctor` may find wrong: the registry of its codes. A code never changes its meaning; docs/troubleshooting.md
 * shows them all.
 */
interface Entry {
  /** What a person notices. */
  readonly symptom: string;
  readonly cause: string;
  readonly remedy: string;
}
const entry = (symptom: string, cause: string, remedy: string): Entry => ({ symptom, cause, remedy });

/** In the order of the looks. */
export const CODES = {
  "node-unfit": entry("skep does not start", "Node or the system is none that skep runs on", "install Node 20.19 or newer"),
  "git-missing": entry("nothing of git's works", "git is not on the PATH, or cannot be run", "install git 2.38 or newer"),
  "git-old": entry("merges fail", "git is older than 2.38, which merges without a checkout", "install a newer git"),
  "project-missing": entry(
    "every command but `skep demo` ends with `NO_PROJECT` or one of its kin",
    "the folder is in no git repository, or the repository has no commit",
    "`git init` and a first commit, or `--project <folder>`",
  ),
  "project-dirty": entry(
    "agents do not see a file that you see",
    "a swarm starts on a commit; what is not committed is not in it",
    "commit what agents should see",
  ),
  "state-unwritable": entry(
    "no swarm can be made",
    "the folder of the state, `.git/skep`, is not yours to write",
    "give yourself the right",
  ),
  "state-remote": entry(
    "`STORE_REMOTE`",
    "the repository lies on NFS, SMB, 9p, FUSE or the like, where appends and locks of several processes lose data",
    "clone it to a local disk and work there",
  ),
  "state-large": entry(
    "swarms take more room than `retention.diskMb`",
    "logs, letters, transcripts and worktrees of ended swarms are kept",
    "`skep gc`, which shows first what it would remove",
  ),
  "disk-low": entry(
    "swarms stop with `disk_full`, or installs in worktrees fail",
    "the file system of the state or of the worktrees has less room than skep needs to go on",
    "make room, or set `worktree.root` to a larger disk",
  ),
  "worktrees-remote": entry(
    "agents' commands are slow, and watchers of theirs see no changes",
    "`worktree.root` lies on a network file system",
    "set `worktree.root` to a local folder",
  ),
  "worktrees-orphaned": entry(
    "a folder of worktrees grows and belongs to no swarm",
    "the state of its swarm was deleted by hand; the folder may hold uncommitted work, so nothing removes it by itself",
    "look into the folder, keep what you need, then delete it and run `git worktree prune`",
  ),
  "inotify-watches": entry(
    "the host or an agent's tools notice changes late, or fail with `ENOSPC`",
    "programs of yours (editors, bundlers) hold nearly all the watches the kernel allows a user",
    "raise `fs.inotify.max_user_watches` with the line doctor prints, or close what watches; the host polls meanwhile",
  ),
  "inotify-instances": entry(
    "programs that watch files fail with `EMFILE`",
    "programs of yours hold nearly all the watchers the kernel allows a user, and each host needs one",
    "raise `fs.inotify.max_user_instances` with the line doctor prints; the host polls meanwhile",
  ),
  "swarm-unreadable": entry(
    "`skep status` refuses a swarm",
    "its log was changed or cut by something other than skep",
    "restore the log from a backup, or leave the swarm as it is; the others go on",
  ),
  "lease-stale": entry(
    "a swarm is running and nothing moves",
    "its host and the host's keeper are gone, after a reboot for one",
    "`skep doctor --fix` starts a host that takes its lease; `skep watch` does as well",
  ),
  "worktree-dead": entry(
    "git complains of a worktree of skep's",
    "git was killed while it made it, or its folder was deleted",
    "`skep doctor --fix`: git forgets it, and the next session makes it anew; the work is on its branch",
  ),
  "index-broken": entry(
    "every commit in one worktree fails",
    "its index is torn",
    "`skep doctor --fix` makes a new one; files stay as they are, and the old index is kept beside it",
  ),
  "branch-missing": entry(
    "a merge or a session fails for a missing branch",
    "a branch of a live swarm was deleted",
    "`skep doctor --fix` puts it back to where the log says it stood; fetch the commit first if the repository no longer has it",
  ),
  "config-invalid": entry(
    "no swarm can be made",
    "`.skep/config.yaml`, a role, a team or a variable says something that cannot be",
    "correct it at the place that is named, and commit it; `skep config show --origin` then tells where each value comes from",
  ),
  "checks-none": entry(
    "anything an agent submits passes the checks",
    "no test command is set, and none could be guessed",
    "name what a submission must pass under `checks.commands`",
  ),
  "preset-full": entry("agents may do anything you may", "`harness.allowFull` is on", "use it inside a sandbox only"),
  "rule-flawed": entry(
    "a rule stops honest work, or finds nothing",
    "a pattern or glob does not do what its own example says",
    "correct the pattern or the example, and commit it",
  ),
  "host-other-version": entry(
    "a new feature is missing although skep was updated",
    "the host that runs was started by another version",
    "`skep serve --replace`",
  ),
  "host-down": entry(
    "swarms do not go on",
    "the host ended several times in a row, so its keeper gave up",
    "`skep serve` shows what it says",
  ),
  "host-silent": entry(
    "calls of agents and clients time out",
    "the process of the host lives and does not answer on its port: it was stopped, or is stuck",
    "`skep serve --replace`",
  ),
  "port-taken": entry(
    "doctor names a stranger on the host's port",
    "another program took the port while no host ran",
    "nothing: the next host takes another port",
  ),
  "user-config-invalid": entry(
    "commands refuse your own config",
    "`~/.config/skep/config.yaml` cannot be read, may be written by everybody, or says something that cannot be",
    "do what is named there",
  ),
  "notify-undelivered": entry(
    "you were not told of a gate",
    "the command or address under `notify` failed",
    "`skep notify` tries it and shows what it says",
  ),
  "client-settings-unreadable": entry(
    "a client shows no server at all",
    "its settings file is no JSON or TOML, or is a link out of the repository",
    "correct it at the line that is named",
  ),
  "client-entry-unverified": entry(
    "doctor did not try a client's entry",
    "the entry named skep starts something that doctor cannot tell to be skep, or brings settings of its own for the program",
    "read the command; when you trust it, start the client and look at its list of servers; `skep init` writes skep's own entry",
  ),
  "client-program-missing": entry(
    "the client reports that the server could not be started",
    "the program of the entry is not there: another Node, or an entry written with `--local` on another machine",
    "`skep init` in this checkout, after the entry was removed",
  ),
  "client-not-fetched": entry(
    "the first start in a client takes long, and may be given up",
    "npx has no copy of skep on this machine yet, and doctor downloads nothing",
    "`npx -y skep --version` once",
  ),
  "client-silent": entry(
    "the client says the server timed out",
    "the program of the entry did not answer `initialize` before the client gives up",
    "run the command of the entry by hand with `SKEP_LOG=debug`; raise the client's own limit where the machine is slow",
  ),
  "client-wrong-server": entry(
    "the client lists other tools than skep's",
    "another program answered under the name skep",
    "remove the entry and run `skep init`",
  ),
  "client-exited": entry(
    "the client says the server closed the connection",
    "the program of the entry ended, or refused, before it answered; its last line is shown",
    "do what that line says",
  ),
  "cli-unusable": entry(
    "sessions of a role cannot start",
    "the agent CLI the role uses is not on the PATH, too old, or does not tell its version",
    "do what is named there, or give the role another CLI under `harness`",
  ),
  "cli-untried": entry(
    "sessions fail in strange ways",
    "skep was not tried with this version of the CLI",
    "install the version that is named",
  ),
  "cli-signed-out": entry("sessions end at once", "no sign-in of the CLI was found", "sign in as named there"),
  "budgets-none": entry(
    "a swarm may spend without end",
    "neither a swarm nor a day has a cap in money or tokens",
    "set `budgets.swarm.usd` or `budgets.day.usd`",
  ),
  "inbox-filling": entry("messages are soon refused", "an agent does not read its letters", "`skep logs` shows what it does"),
  "log-filling": entry(
    "agents may soon only finish what they have",
    "a swarm's log is near its limit",
    "begin a new swarm for further work",
  ),
  "prices-missing": entry(
    "costs are shown too low",
    "no price is known for a model whose CLI reports tokens alone",
    "add it under `prices`",
  ),
  "prices-old": entry("costs may be wrong", "the table of prices is older than half a year", "a newer skep, or prices of your own"),
  "look-failed": entry(
    "doctor could not look at something",
    "git or the disk refused, for a torn index of your checkout for one; the line says what",
    "do what is named there, then `skep doctor` again",
  ),
  "mend-failed": entry(
    "`--fix` could not mend something",
    "what it needs is missing; the line says what",
    "do what is named there, then again",
  ),
} as const satisfies Readonly<Record<string, Entry>>;

export type Code = keyof typeof CODES;
