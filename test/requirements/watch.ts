/** `skep watch`: a swarm on the whole screen of a terminal. */
export default {
  "watch.picture": "In every reachable state each agent and each task stands in the picture once, and what does not move with its reason.",
  "watch.frame":
    "At every size a frame has exactly the lines of the terminal, none wider, whatever agents wrote; what waits for the person stands on top.",
  "watch.keys": "A key means what the help says; what is typed or pasted is text, and nothing is stopped without being asked once.",
  "watch.terminal": "In a real terminal the swarm is drawn at 80×24 and 160×48 and through a resize; with NO_COLOR without a colour.",
  "watch.act": "A gate is answered and a swarm paused and resumed from the view, as with the commands of that name.",
  "watch.mail": "The newest letters of all inboxes are shown with whether they were read; showing them does not mark them as read.",
  "watch.operator": "In a process of an agent's session the view can be looked at, and every wish is refused.",
  "watch.left": "The terminal is left as it was by q, Ctrl-C, SIGTERM and an error nobody caught.",
  "watch.lines": "Where stdout is no terminal the news of the swarm is printed line by line.",
  "watch.lazy": "What draws is loaded by skep watch alone, and only when it draws.",
} as const;
