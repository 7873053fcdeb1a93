import { expect, test } from "vitest";
import { gitCalls } from "../../../src/cli/check/git-calls.ts";

const [NONE, STAGED, ALL, PUSH] = [
  { commit: null, push: false },
  { commit: "staged", push: false },
  { commit: "worktree", push: false },
  { commit: null, push: true },
];

test.each([
  ["git status && git log -3", NONE],
  ["npm run commit", NONE],
  ['echo "git commit"', NONE],
  ["git commit-graph write", NONE],
  ["git commit", STAGED],
  ['git commit -m "add -a and git push; git add ."', STAGED],
  ["git commit --amend --no-edit", STAGED],
  ["cd sub && git -C . -c user.name=x commit -sm 'x'", STAGED],
  ["GIT_EDITOR=true /usr/bin/git commit", STAGED],
  ["git status; git commit -F msg.txt", STAGED],
  ["git commit -am x", ALL],
  ["git commit --all -m x", ALL],
  ["git commit -m x src/a.ts", ALL],
  ["git commit -m x -- src/a.ts", ALL],
  ["git add . && git commit -m x", ALL],
  ["npm run stage && git commit -m x", ALL],
  ["git commit -m \"$(cat <<'EOF'\nit's done\nEOF\n)\"", STAGED],
  ["bash -c 'git commit -m x'", ALL],
  ["(git add a\ngit commit -m x)", ALL],
  ["git push", PUSH],
  ["git push --force origin HEAD:main", PUSH],
  ["sudo git push", PUSH],
  ["git commit -m x && git push", { commit: "staged", push: true }],
])("[cli.hooks.git-calls] %s", (line, found) => {
  expect(gitCalls(line)).toEqual(found);
});
