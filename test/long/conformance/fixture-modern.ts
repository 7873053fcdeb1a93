/**
 * What the conformance suite wants to meet of revision 2026-07-28: its tools, and those of before that need nothing which is gone.
 * They stand on skep's own server and wiring of that revision, in the place of skep's tools.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  MissingRequiredClientCapabilityError,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { type ModernParts, modernServer } from "../../../src/mcp/modern-server.ts";
import { COMPLETED, PROMPT_ANSWERS, RESOURCE_ANSWERS } from "./fixture.ts";
import { TOOL_FIXTURES } from "./fixture-tools.ts";

type Round = ServerContext["mcpReq"];
type Requests = NonNullable<Parameters<typeof inputRequired>[0]["inputRequests"]>;

const done = (words: string) => ({ content: [{ type: "text" as const, text: words }] });

const form = (message: string, field: string, type = "string") =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties: { [field]: { type } }, required: [field] } as never,
  });
const sample = (words: string) =>
  inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: words } }], maxTokens: 100 });

const ASK_NAME = form("What is your name?", "name");

/** Asks until all of it is answered. */
const asks =
  (inputRequests: Requests, words: string) =>
  ({ inputResponses = {} }: Round) =>
    Object.keys(inputRequests).every((key) => key in inputResponses) ? done(words) : inputRequired({ inputRequests });

/** As `asks`, with a state that has to come back as it was. */
const remembers =
  (inputRequests: Requests, state: string) =>
  ({ requestState }: Round) => {
    const back = requestState();
    if (back === undefined) return inputRequired({ inputRequests, requestState: state });
    if (back !== state) throw Object.assign(new Error("the state is not the one that was given"), { code: -32_602 });
    return done("state-ok");
  };

const TOOLS: Readonly<Record<string, (round: Round) => object>> = {
  test_input_required_result_elicitation: asks({ user_name: ASK_NAME }, "Hello, Alice!"),
  test_input_required_result_sampling: asks({ capital_question: sample("What is the capital of France?") }, "Paris"),
  test_input_required_result_list_roots: asks({ client_roots: inputRequired.listRoots() }, "file:///test/root"),
  test_input_required_result_request_state: remembers({ confirm: form("Please confirm", "ok", "boolean") }, "confirmed"),
  test_input_required_result_tampered_state: remembers({ confirm: form("Please confirm", "ok", "boolean") }, "untouched"),
  test_input_required_result_multiple_inputs: remembers(
    { user_name: ASK_NAME, greeting: sample("Generate a greeting"), client_roots: inputRequired.listRoots() },
    "three",
  ),
  test_input_required_result_multi_round({ requestState }) {
    const state = requestState();
    if (state === "second") return done("Alice likes blue");
    return state === "first"
      ? inputRequired({ inputRequests: { step2: form("Step 2: What is your favorite color?", "color") }, requestState: "second" })
      : inputRequired({ inputRequests: { step1: form("Step 1: What is your name?", "name") }, requestState: "first" });
  },
  test_input_required_result_capabilities(round) {
    const can = canOf(round);
    return asks({ ...(can.sampling ? { q: sample("A word?") } : {}), ...(can.elicitation ? { user_name: ASK_NAME } : {}) }, "done")(round);
  },
  test_missing_capability(round) {
    if (!canOf(round).sampling) throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
    return done("it has it");
  },
  test_streaming_elicitation: asks({ user_name: ASK_NAME }, "done"),
  test_logging_tool: () => done("nothing was logged"),
};

function canOf({ envelope }: Round): Readonly<Record<string, object | undefined>> {
  return ((envelope ?? {}) as Record<string, Record<string, object>>)[CLIENT_CAPABILITIES_META_KEY] ?? {};
}

const ASKING_PROMPT = "test_input_required_result_prompt";

export function modernFixture(parts: ModernParts): Server {
  const server = modernServer(parts);
  const inputSchema = { type: "object" as const };
  server.setRequestHandler("tools/list", () => ({
    tools: [
      ...TOOL_FIXTURES.map((tool) => ({ inputSchema, ...tool, description: `Fixture ${tool.name}` })),
      ...Object.keys(TOOLS).map((name) => ({ name, description: `Fixture ${name}`, inputSchema })),
    ].map(({ name, description, inputSchema: schema }) => ({ name, description, inputSchema: schema })),
  }));
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const asking = TOOLS[params.name];
    if (asking) return asking(mcpReq) as never;
    const tool = TOOL_FIXTURES.find(({ name }) => name === params.name);
    if (!tool) throw new Error(`no fixture ${params.name}`);
    const extra = { sendNotification: mcpReq.notify as never };
    // Those that ask the client while they run are of the revisions before: no scenario of this one calls them.
    const server = null as never;
    return tool.run({ server, extra, args: params.arguments ?? {}, token: mcpReq._meta?.progressToken }) as never;
  });
  server.setRequestHandler("resources/list", RESOURCE_ANSWERS.list);
  server.setRequestHandler("resources/templates/list", RESOURCE_ANSWERS.templates);
  server.setRequestHandler("resources/read", ({ params }) => RESOURCE_ANSWERS.read(params.uri));
  server.setRequestHandler("prompts/list", () => {
    const { prompts } = PROMPT_ANSWERS.list();
    return { prompts: [...prompts, { name: ASKING_PROMPT, description: "Fixture that asks", arguments: [] }] };
  });
  server.setRequestHandler("prompts/get", ({ params }, { mcpReq }) => {
    if (params.name !== ASKING_PROMPT) return PROMPT_ANSWERS.get(params.name, params.arguments);
    return mcpReq.inputResponses?.user_context
      ? { messages: [{ role: "user", content: { type: "text", text: "in that context" } }] }
      : inputRequired({ inputRequests: { user_context: form("What context should the prompt use?", "context") } });
  });
  server.setRequestHandler("completion/complete", () => COMPLETED);
  return server;
}
