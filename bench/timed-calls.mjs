/**
 * Loaded into a scripted agent before its program: writes down how long each tool call took, as the agent's own process saw
 * it, and beside each `whoami` how long a bare server on loopback took to answer at that moment. Before each call it waits as
 * a model would think: from half of `think` to one and a half. All is in its address: `timed-calls.mjs?to=<file>&bare=<port>&think=<ms>`.
 */
import { appendFileSync } from "node:fs";

const asked = new URL(import.meta.url).searchParams;
const bare = globalThis.fetch;
const think = () => new Promise((resolve) => setTimeout(resolve, Number(asked.get("think")) * (0.5 + Math.random())));

async function timed(tool, input, init) {
  const start = performance.now();
  const response = await bare(input, init);
  const text = await response.text();
  appendFileSync(asked.get("to"), `${tool} ${performance.now() - start}\n`);
  return new Response(text, response);
}

globalThis.fetch = async (input, init) => {
  const call = init?.method === "POST" && typeof init.body === "string" ? JSON.parse(init.body) : {};
  if (call.method !== "tools/call") return bare(input, init);
  await think();
  const response = await timed(call.params.name, input, init);
  if (call.params.name === "whoami") await timed("bare", `http://127.0.0.1:${asked.get("bare")}/`, { method: "POST", body: init.body });
  return response;
};
