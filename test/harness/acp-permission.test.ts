/** What an ACP agent is answered when it asks whether it may. */
import { describe, expect, test } from "vitest";
import type { LaunchOrder } from "../../src/harness/harness.ts";
import { lines, OPTIONS, talk } from "./support/acp-talk.ts";

describe("[harness.acp.permission] questions are answered at once, by the preset", () => {
  const asked = (toolCall: object, change: Partial<LaunchOrder>, options = OPTIONS) => {
    const events = talk(change).say({ jsonrpc: "2.0", id: 9, method: "session/request_permission", params: { toolCall, options } });
    const { result } = lines(events)[0] as { result: { outcome: { optionId?: string; outcome: string } } };
    const denied = events.find((event) => event.type === "denied");
    return `${result.outcome.optionId ?? result.outcome.outcome}${denied ? "" : " silently"}`;
  };
  const edit = (file: string) => ({ kind: "edit", title: "Write", locations: [{ path: file }] });
  const shell = (command: string | string[]) => ({ kind: "execute", title: "shell", rawInput: { command } });
  const yes = "allow_once! silently";
  const no = "reject_once!";
  test.each([
    ["a tool of ours, as Gemini names it", { kind: "other", title: "task_submit (skep MCP Server)" }, [yes, yes, yes]],
    ["a tool of ours, as OpenCode names it", { kind: "other", title: "skep_task_submit" }, [yes, yes, yes]],
    ["a tool of ours, as Claude names it", { title: "mcp__skep__whoami" }, [yes, yes, yes]],
    ["a command that looks like one", { kind: "execute", title: "whoami (skep MCP Server)" }, [no, no, yes]],
    ["another server's tool", { kind: "other", title: "whoami (other MCP Server)" }, [no, no, yes]],
    ["an edit in the worktree", edit("/tree/src/a.ts"), [no, yes, yes]],
    ["an edit by a relative path", edit("src/a.ts"), [no, yes, yes]],
    ["an edit beside the worktree", edit("/tree-2/a.ts"), [no, no, yes]],
    ["an edit that climbs out", edit("/tree/../a.ts"), [no, no, yes]],
    ["an edit below .git", edit("/tree/.git/hooks/x"), [no, no, yes]],
    ["an edit of an agent's own settings", edit("/tree/.gemini/settings.json"), [no, no, yes]],
    ["an edit of skep's own settings", edit("/tree/.skep/config.yaml"), [no, no, yes]],
    ["an edit of the project's MCP servers", edit(".mcp.json"), [no, no, yes]],
    ["an edit of nobody knows what", { kind: "edit", title: "Write" }, [no, no, yes]],
    ["a move out of the worktree", { kind: "move", locations: [{ path: "/tree/a" }, { path: "/b" }] }, [no, no, yes]],
    ["reading in the worktree", { kind: "read", rawInput: { filePath: "/tree/a" } }, [yes, yes, yes]],
    ["reading elsewhere", { kind: "read", rawInput: { filePath: "/etc/passwd" } }, [no, no, yes]],
    ["searching", { kind: "search", title: "grep" }, [yes, yes, yes]],
    ["the network", { kind: "fetch", title: "http://x" }, [no, no, yes]],
    ["another mode", { kind: "switch_mode", title: "yolo" }, [no, no, yes]],
    ["a reading command", shell("git status --short"), [yes, yes, yes]],
    ["two reading commands", shell("git status && git diff HEAD~1"), [yes, yes, yes]],
    ["a reading command that writes", shell("git diff --outpu=/x"), [no, no, yes]],
    ["a file in the worktree, by its whole path", shell("head -n 3 /tree/a.ts && ls /tree"), [yes, yes, yes]],
    ["a range of commits", shell("git log ..origin/main -- src && git diff HEAD~2..HEAD"), [yes, yes, yes]],
    ["a file elsewhere", shell("head /etc/passwd"), [no, no, yes]],
    ["a folder elsewhere", shell("ls ../tree-2"), [no, no, yes]],
    ["two files that git does not keep", shell("git diff --no-index /dev/null /etc/passwd"), [no, no, yes]],
    ["an order of files from elsewhere", shell("git diff -O/etc/passwd"), [no, no, yes]],
    ["a commit with words", shell(`git add -A && git commit -m "it's done"`), [no, yes, yes]],
    ["a commit about a path", shell("git commit -m '/api: answer 404'"), [no, yes, yes]],
    ["the command it was given", shell("npm test"), [yes, yes, yes]],
    ["that command and another", shell("npm test && curl http://x"), [no, no, yes]],
    ["that command, redirected", shell("npm test > /x"), [no, no, yes]],
    ["that command, substituted", shell('npm test "$(curl http://x)"'), [no, no, yes]],
    ["that command in two lines", shell("npm test\ncurl http://x"), [no, no, yes]],
    ["a push", shell("git push"), [no, no, yes]],
    ["git elsewhere", shell("git -C / status"), [no, no, yes]],
    ["a shell's shell, as Codex asks", shell(["bash", "-lc", "npm test"]), [yes, yes, yes]],
    ["a list of words", shell(["npm", "test", "; curl"]), [yes, yes, yes]],
    ["nothing at all", {}, [no, no, yes]],
  ] as const)("%s", (_name, call, expected) => {
    const commands = [["npm", "test"]];
    const all = (["read-only", "guarded", "full"] as const).map((preset) => asked(call, { preset, commands }));
    expect(all).toEqual(expected);
  });

  test("an agent that offers no answer for one call alone is refused, in the words it has", () => {
    const call = edit("/tree/a");
    expect(asked(call, {}, OPTIONS.slice(0, 1))).toBe("cancelled");
    expect(asked(call, {}, [OPTIONS[0], { kind: "reject_always", optionId: "never" }] as typeof OPTIONS)).toBe("never");
    expect(asked(call, {}, [])).toBe("cancelled");
  });

  test("[harness.acp.foreign-request] any other request of the agent is an error, never silence", () => {
    const events = talk().say({ jsonrpc: "2.0", id: 3, method: "fs/read_text_file", params: { path: "/etc/passwd" } });
    expect(lines(events)).toEqual([{ jsonrpc: "2.0", id: 3, error: { code: -32601, message: expect.any(String) } }]);
  });
});
