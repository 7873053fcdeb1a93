/** Programs: started, bounded and ended whole. */
export default {
  "proc.run": "A program is run to its end and its code, streams and signal are told.",
  "proc.run.argv": "Arguments reach a program unchanged; no shell ever reads them.",
  "proc.run.not-started": "A program that cannot be started is a result, not an exception.",
  "proc.run.tail": "Output is kept up to a limit, its tail, whole characters.",
  "proc.run.tree": "Time-out, abort and end leave no process of the run behind and always settle.",
  "proc.env": "Only allow-listed variables go from one program to another.",
  "proc.env.scrub": "Secrets, git redirections and session variables are never passed on.",
  "proc.group": "A long-lived program exchanges lines until its stdin is closed.",
  "proc.group.not-started": "A long-lived program that cannot be started is a result.",
  "proc.group.long-line": "A huge line is cut and marked; its neighbours are whole.",
  "proc.group.epipe": "Writing to a program that no longer reads is told, not thrown.",
  "proc.group.stderr": "The tail of stderr is kept for the report.",
  "proc.group.end": "Ending a program ends its whole tree and may be repeated.",
  "proc.group.strays":
    "What left its group and lost its parent is ended with its session, by the mark it inherited; strangers are not touched.",
  "proc.group.recycled": "A group whose number was given to another program is left alone.",
  "proc.group.exit": "The end of a program is told even when a stray child holds its pipes.",
  "proc.group.pace": "A slow reader gets every line a program wrote.",
  "proc.tool-time": "The CPU time of what a program started counts, also after its end; its own does not.",
} as const;
