/** Nonsense at the host's endpoint: a typed answer each time, and the host answers the next call as before. */
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { Endpoint } from "./support/endpoint.ts";

let endpoint: Endpoint;
beforeAll(async () => {
  endpoint = await Endpoint.open(makeRepo().root);
});
afterEach(async () => {
  expect((await endpoint.tool("swarm_list")).facts).toEqual({ swarms: [] });
});
afterAll(() => endpoint?.close());

const call = (more: object = {}) => ({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "swarm_list" }, ...more });
const MEGABYTE = 1024 * 1024;

describe("[bad-input.http.refused] what is no call is refused with a status, a code and the next step", () => {
  test.each([
    ["broken UTF-8", { body: Buffer.from([0x7b, 0xff, 0xfe]) }, 400, "BAD_JSON"],
    ["a number", { body: "42" }, 400, "BAD_MESSAGE"],
    ["null", { body: "null" }, 400, "BAD_MESSAGE"],
    ["another version", { body: JSON.stringify(call({ jsonrpc: "1.0" })) }, 400, "BAD_MESSAGE"],
    ["an id of null", { body: JSON.stringify(call({ id: null })) }, 400, "BAD_MESSAGE"],
    ["a field nobody knows", { body: JSON.stringify(call({ evil: 1 })) }, 400, "BAD_MESSAGE"],
    ["a list", { body: "[]" }, 400, "BAD_MESSAGE"],
    ["a batch", { body: JSON.stringify([call(), call({ id: 2 })]) }, 400, "BAD_MESSAGE"],
    ["a made-up token", { headers: { authorization: "Bearer ../meta" }, body: "{}" }, 401, "BAD_TOKEN"],
    ["ten megabytes", { body: "x".repeat(10 * MEGABYTE) }, 413, "TOO_LARGE"],
    ["another type", { headers: { "content-type": "text/plain" }, body: JSON.stringify(call()) }, 415, "BAD_TYPE"],
    ["a wish for another answer", { headers: { accept: "text/html" }, body: JSON.stringify(call()) }, 406, "BAD_ACCEPT"],
  ])("%s", async (_what, sent, status, code) => {
    const reply = await endpoint.send(sent);
    expect([reply.status, reply.frame.error?.data?.code]).toEqual([status, code]);
    expect(reply.frame.error?.message).toMatch(new RegExp(`^${code}: .+\\. Next: .+\\.$`));
  });
});

test("[bad-input.http.fields] unknown fields and arguments of another kind are refused by the tool", async () => {
  const field = await endpoint.tool("swarm_list", { from: "queen" });
  expect(field).toMatchObject({ code: "BAD_INPUT", text: expect.stringContaining('unknown field "from"') });
  const { frame } = await endpoint.send({ body: JSON.stringify(call({ params: { name: "swarm_list", arguments: [1] } })) });
  expect(frame.error?.code).toBe(-32_602);
  expect((await endpoint.send({ body: JSON.stringify(call({ method: "tools/explode" })) })).frame.error?.code).toBe(-32_601);
});

test("[bad-input.http.bytes] what is no HTTP, or ends in the middle, costs the host nothing", async () => {
  const half = `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${endpoint.port}\r\ncontent-length: 500\r\n\r\n{"json`;
  for (const bytes of ["\u0000\u0001\u0002 nonsense\r\n\r\n", half, "GET /mcp HTTP/9.9\r\n\r\n"]) {
    await new Promise((resolve) => {
      const socket = connect(endpoint.port, "127.0.0.1", () => socket.write(bytes, () => socket.end()));
      // Both a refusal and a cut line are an end.
      socket.on("error", () => undefined).once("close", resolve);
      socket.resume();
    });
  }
});
