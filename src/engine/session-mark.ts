/** Stands in the environment of everything an agent session starts: such a process is never the operator. */
export const SESSION_MARK = "SKEP_SESSION";
