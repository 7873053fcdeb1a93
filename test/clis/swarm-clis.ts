/** What a whole swarm on one agent CLI needs to reach the scripted model: variables of the user's, settings of the project's. */
export interface SwarmCli {
  /** Where its requests go. */
  readonly api: string;
  variables(url: string): Readonly<Record<string, string>>;
  settings(url: string): Readonly<Record<string, unknown>>;
}

const CLIS: Readonly<Record<string, SwarmCli>> = {
  claude: {
    api: "/v1/messages",
    variables: (url) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: "made-up-key", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1" }),
    settings: () => ({}),
  },
  codex: {
    api: "/v1/responses",
    variables: () => ({ SCRIPTED_KEY: "made-up-key" }),
    settings: (url) => ({
      config: {
        model: "a-model",
        model_provider: "scripted",
        model_providers: { scripted: { name: "scripted", base_url: `${url}/v1`, env_key: "SCRIPTED_KEY", wire_api: "responses" } },
      },
    }),
  },
  opencode: {
    api: "/chat/completions",
    variables: () => ({ SCRIPTED_KEY: "made-up-key" }),
    settings: (url) => ({
      env: ["SCRIPTED_KEY"],
      config: {
        model: "scripted/m1",
        provider: {
          scripted: {
            npm: "@ai-sdk/openai-compatible",
            name: "Scripted",
            options: { baseURL: `${url}/v1`, apiKey: "{env:SCRIPTED_KEY}" },
            models: { m1: { name: "m1", limit: { context: 200_000, output: 8_000 }, cost: { input: 1, output: 2 } } },
          },
        },
      },
    }),
  },
};

export function swarmCli(cli: string): SwarmCli {
  const found = CLIS[cli];
  if (!found) throw new Error(`no swarm is driven on ${cli}`);
  return found;
}
