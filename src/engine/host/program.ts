/** How the running process was started, so that it can start itself again; a debugger's port cannot be had twice. */
export function runningProgram(): readonly [string, ...string[]] {
  const flags = process.execArgv.filter((flag) => !flag.startsWith("--inspect"));
  return [process.execPath, ...flags, ...(process.argv[1] === undefined ? [] : [process.argv[1]])];
}
