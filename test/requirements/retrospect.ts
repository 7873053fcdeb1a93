/** What a swarm leaves for people when it is over. */
export default {
  "retrospect.sums":
    "A report can be made of every log, also of earlier rules, and its figures add up: seats and phases to what was charged, attempts to what happened.",
  "retrospect.lessons":
    "What went wrong in more than one attempt or session is a lesson with its evidence, what happened once is none; merged work that was taken back and a long wait for a person teach at once.",
  "retrospect.caught":
    "A report says what each gate stopped, attempt by attempt, who did and reviewed what, and how to land or take it back.",
  "retrospect.foreign":
    "What agents wrote stays text in both forms: no tag, attribute, link, table cell, emphasis or control sign comes of it.",
  "retrospect.page": "report.html is whole in itself: no script, nothing from elsewhere, light or dark, fit for print.",
  "retrospect.files":
    "An ended swarm has report.md and report.html in its folder with the figures of its log; landing the work or undoing a task makes them anew.",
  "retrospect.safe":
    "A kill around the writing of a report loses nothing, and one that cannot be written keeps no swarm from being put away.",
  "retrospect.command":
    "skep report makes the report of any swarm, also of a running one, as Markdown, HTML or JSON, on stdout or in a file.",
} as const;
