/** A client that sends nonsense to `skep mcp`: told so each time, and served as before. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeRepo } from "../support/repo.ts";
import { until } from "../support/until.ts";
import { endHost, StdioDoor } from "./support/doors.ts";

let root: string;
let door: StdioDoor;
beforeAll(async () => {
  ({ root } = makeRepo());
  door = await new StdioDoor({ cwd: root }).initialize();
});
afterAll(async () => {
  await door.end();
  await endHost(root);
});

/** Sends a line and answers the error that came for it; the server must then work as before. */
async function refusedLine(bytes: string | Buffer): Promise<{ id: unknown; code: number | undefined; message: string }> {
  const before = door.frames.length;
  door.send(bytes);
  const frame = await until(() => door.frames[before], { what: `a frame for ${bytes.toString().slice(0, 60)}` });
  expect((await door.tool("swarm_list")).ok).toBe(true);
  return { id: frame.id, code: frame.error?.code, message: frame.error?.message ?? "" };
}

describe("[bad-input.stdio.json] a line that is no message is refused as one, without an id", () => {
  test.each([
    ["no JSON", "hello\n"],
    ["half an object", '{"jsonrpc":"2.0","id":1,"method":\n'],
    ["zeros", Buffer.from([0, 0, 0, 10])],
    ["broken UTF-8", Buffer.from([0x22, 0xff, 0xfe, 10])],
    ["an endless nest", `${"[".repeat(200_000)}\n`],
    ["an empty line", "\n"],
  ])("%s", async (_what, bytes) => {
    expect(await refusedLine(bytes)).toEqual({ id: undefined, code: -32_700, message: expect.stringMatching(/^BAD_JSON: .* Next: .*\.$/) });
  });
});

describe("[bad-input.stdio.message] JSON that is no JSON-RPC message is refused as such", () => {
  test.each([
    ["a number", 42],
    ["null", null],
    ["a batch", [{ jsonrpc: "2.0", id: 9, method: "tools/list" }]],
    ["another version", { jsonrpc: "1.0", id: 9, method: "tools/list" }],
    ["no method", { jsonrpc: "2.0", id: 9 }],
    ["an id of null", { jsonrpc: "2.0", id: null, method: "tools/list" }],
    ["an id that is an object", { jsonrpc: "2.0", id: {}, method: "tools/list" }],
    ["params as a list", { jsonrpc: "2.0", id: 9, method: "tools/list", params: [1] }],
    ["a field nobody knows", { jsonrpc: "2.0", id: 9, method: "tools/list", evil: true }],
  ])("%s", async (_what, message) => {
    const said = expect.stringMatching(/^BAD_MESSAGE: .* Next: .*\.$/);
    expect(await refusedLine(`${JSON.stringify(message)}\n`)).toEqual({ id: undefined, code: -32_600, message: said });
  });
});

test("[bad-input.stdio.method] an unknown method and a call that names no tool are answered under their id", async () => {
  expect((await door.request("tools/explode", {})).error?.code).toBe(-32_601);
  for (const params of [undefined, {}, { name: 7 }, { name: "swarm_list", arguments: "all" }, { name: "swarm_list", arguments: [1] }]) {
    expect([params, (await door.request("tools/call", params)).error?.code]).toEqual([params, -32_602]);
  }
  expect((await door.tool("swarm_list")).ok).toBe(true);
});

test("[bad-input.stdio.fields] unknown fields are refused by name, also such as every object has", async () => {
  for (const field of ["from", "constructor", "toString", "a\nb`c"]) {
    const told = await door.tool("swarm_list", { [field]: "queen" });
    expect(told).toMatchObject({ ok: false, code: "BAD_INPUT", text: expect.stringContaining(`unknown field ${JSON.stringify(field)}`) });
  }
  door.send('{"jsonrpc":"2.0","id":"p","method":"tools/call","params":{"name":"swarm_list","arguments":{"__proto__":{"x":1}}}}\n');
  expect((await door.answer("p")).result).toBeDefined();
  expect((await door.tool("swarm_list")).ok).toBe(true);
});

test("[bad-input.stdio.large] ten megabytes in one argument are refused by the argument's limit, and the server stays", async () => {
  const huge = "x".repeat(10 * 1024 * 1024);
  const created = await door.tool("swarm_create", { goal: huge });
  expect(created).toMatchObject({
    ok: false,
    code: "BAD_INPUT",
    text: expect.stringContaining("goal has 10485760 characters; at most 20000"),
  });
  const told = await door.tool("swarm_list", { [huge]: 1 });
  expect(told.code).toBe("BAD_INPUT");
  expect(told.text.length).toBeLessThan(400);
  expect((await door.tool("swarm_list")).facts).toEqual({ swarms: [] });
});

test("[bad-input.stdio.endless] a line that never ends is refused and ends the server, which says so", async () => {
  const other = new StdioDoor({ cwd: root });
  other.send(Buffer.alloc(17 * 1024 * 1024, "x"));
  const frame = await until(() => other.frames.find((one) => one.error), { what: "a refusal" });
  expect(frame.error).toMatchObject({ code: -32_600, message: expect.stringMatching(/^TOO_LARGE: .* Next: .*\.$/) });
  await until(() => other.child.exitCode !== null, { what: "the server ended" });
  expect(other.child.exitCode).toBe(0);
});
