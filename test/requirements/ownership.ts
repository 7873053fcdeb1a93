/** Which task may change which file. */
export default {
  "ownership.extend": "a running task that asks for more files gets them at once when no task that could run beside it owns them",
  "ownership.extend.taken":
    "files of another open task, of a plan under review, of skep or of git are refused with the owner and the next call",
  "ownership.extend.ordered": "a task may be granted a file of a task that waits for it",
  "ownership.extend.caps": "a task gets no more than twenty files and asks three times in an attempt",
  "ownership.extend.repeat": "the same wish again is answered and granted once",
  "ownership.extend.kept": "granted files outlive an attempt and an amendment, and count against later plans",
  "ownership.extend.shown": "the reviewer is told which files were granted later and why, in quoted words",
  "ownership.extend.tool": "task_extend answers with all files of the task",
  "ownership.pairs": "a plan whose parallel tasks share a file is refused with every pair, the file and both ways out",
  "ownership.merged": "a merged task of an amended plan runs beside nothing",
  "ownership.contract": "the contract of a task is quoted word for word to those that come right after it",
  "ownership.e2e": "in a real swarm a granted file is refused to another task until the first is merged, then granted",
} as const;
