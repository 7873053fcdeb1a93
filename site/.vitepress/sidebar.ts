/** The order in which a reader meets the pages. A test holds that every page of docs/ stands here once. */

interface Page {
  readonly text: string;
  /** The page's address: its file without the ending. */
  readonly link: string;
}
interface Group {
  readonly text: string;
  /** Open, and can be closed. */
  readonly collapsed: false;
  readonly items: readonly Page[];
}

type Pages = Readonly<Record<string, string>>;

const group = (text: string, pages: Pages): Group => ({
  text,
  collapsed: false,
  items: Object.entries(pages).map(([file, title]) => ({ text: title, link: `/${file}` })),
});

export const SIDEBAR: readonly Group[] = [
  group("Start", {
    clients: "Quick start per client",
    concepts: "Concepts",
  }),
  group("Recipes", {
    "recipes/first-swarm": "A first swarm",
    "recipes/answer-a-gate": "Answer a question from your client",
    "recipes/pipeline": "Add a test with a pipeline",
    "recipes/crash": "Go on after a crash",
    "recipes/read-a-report": "Read a report",
    "recipes/undo": "Take a task back",
    "recipes/two-providers": "A team on two providers",
  }),
  group("With a swarm", {
    client: "In your MCP client",
    watch: "Watching a swarm",
    gates: "Gates",
    stuck: "Why is nothing moving?",
    troubleshooting: "Troubleshooting",
    landing: "Landing, and going back",
    report: "The report of a swarm",
    hooks: "The checks on your own work",
  }),
  group("Shaping the work", {
    roles: "Roles, teams, who owns which file",
    pipelines: "Pipelines",
    modes: "Modes: several do one task",
    rules: "Rules",
    checks: "Checks",
    reviews: "Reviews",
    merging: "Merging, and taking back",
    scaling: "How a swarm grows and shrinks",
    budgets: "Budgets, quotas, other providers",
    supervision: "Supervision",
  }),
  group("Agents", {
    agents: "Agent CLIs",
    permissions: "What a session may do",
    claude: "Claude Code",
    codex: "Codex",
    opencode: "OpenCode",
    gemini: "Gemini CLI",
    acp: "Any ACP agent",
    command: "Any program",
  }),
  group("Reference", {
    commands: "Commands",
    "tools-operator": "Tools of your client",
    "tools-agents": "Tools of the agents",
    "exit-codes": "Exit codes",
    json: "JSON output",
    configuration: "Configuration",
    "file-formats": "File formats",
    reference: "Roles, harnesses, errors",
    security: "Security",
  }),
  group("Behind it", {
    comparison: "Beside its peers",
    field: "Failures of the field",
    chaos: "Chaos",
  }),
];
