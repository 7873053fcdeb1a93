/** Pipelines: plans for goals of a known shape. */
export default {
  "pipeline.shipped": "Each shipped pipeline compiles with its defaults and examples for its own team, and nothing in it defeats itself.",
  "pipeline.refused": "What is wrong with a pipeline is refused all together, each with file, line and column and the way out.",
  "pipeline.text": "A variable nobody declared is refused with its line and column; there are no tags, unknown filters or files.",
  "pipeline.data": "What a value holds is never read as YAML or as a template.",
  "pipeline.types": "Variables and overrides are typed; unknown ones are refused with the near miss.",
  "pipeline.order": "Phases become edges: the first tasks of a phase wait for the last ones of those it depends on.",
  "pipeline.compile":
    "Whatever its shape, a sound pipeline becomes a plan without a circle, with ids of its own, that a plan's own rules accept.",
  "pipeline.auto":
    "Who does a task is chosen by size, files, risk and proof, with a reason: one agent, or one while another role reads along; where no metric or check proves the result, no rule skips its review, whoever does it.",
  "pipeline.cost": "Before anything starts it is said how many sessions a mode takes at most.",
  "pipeline.ids": "Two runs of one template share no task id.",
  "pipeline.tools": "Pipelines are listed, previewed whole before anything starts, and started, with problems named by line.",
  "pipeline.start": "A started pipeline is an ordinary plan, approved by rule, with the text of the base commit pinned.",
  "pipeline.draft": "A queen may plan from a pipeline: she is given its tasks as she would hand them in.",
  "pipeline.end": "Without a queen it ends by itself: complete with every task merged, failed as soon as nothing can go on.",
  "pipeline.cli": "skep pipeline lists, previews and starts; skep run --pipeline shows the preview first.",
  "pipeline.fails":
    "Each shipped pipeline with a task given up ends or goes on as each policy says, and a recovery opens what waited, with real processes.",
  "pipeline.e2e": "Each shipped pipeline runs to its end on scripted agents.",
} as const;
