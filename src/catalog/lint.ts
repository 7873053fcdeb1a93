/**
 * What every text a model reads must keep to: roles, rules, tool texts, refusals, the plugin's skills. Length and tone are rules because each was seen
 * to cost results when it slipped. Pure; the check and a test call it with everything there is.
 */
import type { Duty } from "../domain/model.ts";
import { MAX_PROMPT_BYTES, type Role, type SharedBlocks } from "./roles.ts";
import { MAX_BULLET_BYTES, type Rule } from "./rules.ts";

export interface ToolText {
  readonly name: string;
  readonly audience: readonly ("operator" | Duty)[];
  readonly description: string;
  readonly params: readonly { readonly name: string; readonly text: string }[];
  /** Values a parameter may take; roles may name them. */
  readonly values: readonly string[];
}
/** A refusal as it is written in the code; `next` with its placeholders. */
export interface RefusalText {
  readonly code: string;
  readonly next: string;
}
/** What a client's model is told of a skill at all times, and what it reads when it takes it. */
export interface SkillText {
  readonly name: string;
  readonly description: string;
  readonly body: string;
}
export interface Prompts {
  readonly roles: readonly Role[];
  readonly rules: readonly Rule[];
  readonly shared: SharedBlocks;
  readonly tools: readonly ToolText[];
  readonly refusals: readonly RefusalText[];
  readonly skills: readonly SkillText[];
}

const MAX_IMPERATIVES = 25;
const MAX_CAPITALS = 2;
const MAX_DESCRIPTION = 100;
const MAX_FIRST_SENTENCE = 20;
const MAX_PARAM = 15;
const MAX_SKILL_DESCRIPTION = 50;

/** One sentence per flaw; empty when all is well. */
export function lintPrompts({ roles, rules, shared, tools, refusals, skills }: Prompts): string[] {
  return [
    ...roles.flatMap((role) => lintRole(role, shared, tools).map((flaw) => `role ${role.id}: ${flaw}`)),
    ...rules.flatMap((rule) => lintRule(rule, tools).map((flaw) => `rule ${rule.id}: ${flaw}`)),
    ...tools.flatMap((tool) => lintTool(tool, tools).map((flaw) => `tool ${tool.name}: ${flaw}`)),
    ...refusals.flatMap((refusal) => lintRefusal(refusal, tools).map((flaw) => `refusal ${refusal.code}: ${flaw}`)),
    ...skills.flatMap((skill) => lintSkill(skill, tools).map((flaw) => `skill ${skill.name}: ${flaw}`)),
  ];
}

function lintRole(role: Role, shared: SharedBlocks, tools: readonly ToolText[]): string[] {
  const { prompt } = role;
  const flaws = overlong(prompt);
  if (!prompt.startsWith(shared.swarm.trim())) flaws.push("does not begin with the shared block about the swarm");
  if (!prompt.trimEnd().endsWith(shared.mail.trim())) flaws.push("does not end with the shared block about mail");
  flaws.push(...variable(prompt), ...prefixed(prompt), ...foreignTools(role, tools));
  return flaws;
}

/** Length and tone of a text that is read whole. */
function overlong(text: string): string[] {
  const flaws: string[] = [];
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_PROMPT_BYTES) flaws.push(`${bytes} bytes, at most ${MAX_PROMPT_BYTES}`);
  const orders = imperatives(text).length;
  if (orders > MAX_IMPERATIVES) flaws.push(`${orders} imperatives, at most ${MAX_IMPERATIVES}`);
  const capitals = text.match(/\b[A-Z]{3,}\b/g) ?? [];
  if (capitals.length > MAX_CAPITALS)
    flaws.push(`${capitals.length} words in capitals (${capitals.slice(0, 4).join(", ")}), at most ${MAX_CAPITALS}`);
  return flaws;
}

const SHOUTING = /\b(?:MUST|NEVER|ALWAYS|NOT|ONLY|ALL|EVERY|DO|IMPORTANT|CRITICAL|WARNING|REQUIRED|FORBIDDEN)\b/;

/** Rules are read by agents of every role, so that they name no tool: whose it is would depend on the reader. */
function lintRule({ bullets }: Rule, tools: readonly ToolText[]): string[] {
  const known = new Set(tools.map(({ name }) => name));
  return bullets.flatMap((bullet) => {
    const bytes = Buffer.byteLength(bullet);
    const shouted = SHOUTING.exec(bullet);
    const tool = (bullet.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []).find((word) => known.has(word));
    return [
      ...(bytes > MAX_BULLET_BYTES ? [`an instruction of ${bytes} bytes, at most ${MAX_BULLET_BYTES}`] : []),
      ...(shouted ? [`shouts ${shouted[0]}`] : []),
      ...(tool ? [`names the tool ${tool}`] : []),
      ...variable(bullet),
      ...prefixed(bullet),
    ];
  });
}

/** What would differ between two sessions of a role, and so break the cached prefix. */
function variable(text: string): string[] {
  const patterns: readonly (readonly [string, RegExp])[] = [
    ["an unfilled token", /\{\{|\{[a-z][\w.]*\}/i],
    ["an absolute path", /(?<![\w.])\/(home|tmp|usr|var|work|Users|etc)\b/],
    ["a time or date", /\b\d{1,2}:\d{2}\b|\b20\d\d-\d\d\b/],
    ["an id or hash", /\b[0-9a-f]{8}-[0-9a-f]{4}-|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|\bs-[0-9a-hjkmnp-tv-z]{6}\b/],
  ];
  return patterns.flatMap(([what, pattern]) => {
    const found = pattern.exec(text);
    return found ? [`holds ${what}: ${JSON.stringify(found[0])}`] : [];
  });
}

/** Clients add their own prefix to a tool's name; a text that writes one is wrong in all others. */
function prefixed(text: string): string[] {
  const found = /\bmcp__\w+|\bskep[_.][a-z]+_[a-z]+/.exec(text);
  return found ? [`names a tool with a client's prefix: ${found[0]}`] : [];
}

function foreignTools({ prompt, duty, tools: own }: Role, tools: readonly ToolText[]): string[] {
  const mine = new Set(
    tools.filter(({ audience, name }) => audience.includes(duty) && (own === null || own.includes(name))).map(({ name }) => name),
  );
  const known = new Set(tools.map(({ name }) => name));
  const words = new Set(tools.flatMap(({ params, values }) => [...params.map(({ name }) => name), ...values]));
  return [...new Set(prompt.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [])].flatMap((word) => {
    if (mine.has(word) || (!known.has(word) && words.has(word))) return [];
    return known.has(word) ? [`names ${word}, which it cannot call`] : [`names ${word}, which is neither a tool nor a word of one`];
  });
}

function lintTool({ description, params }: ToolText, tools: readonly ToolText[]): string[] {
  const flaws = [...prefixed(description)];
  if (tokens(description) > MAX_DESCRIPTION) flaws.push(`description of ${tokens(description)} tokens, at most ${MAX_DESCRIPTION}`);
  const first = description.split(/(?<=[.!?])\s/)[0] ?? "";
  const words = first.split(/\s+/).filter((word) => word !== "").length;
  if (words === 0) flaws.push("has no description");
  if (words > MAX_FIRST_SENTENCE) flaws.push(`first sentence of ${words} words, at most ${MAX_FIRST_SENTENCE}`);
  for (const { name, text } of params)
    if (tokens(text) > MAX_PARAM) flaws.push(`text of ${name} has ${tokens(text)} tokens, at most ${MAX_PARAM}`);
  const named = description.match(TOOL_LIKE) ?? [];
  const known = new Set(tools.flatMap(({ name, params: own, values }) => [name, ...own.map((param) => param.name), ...values]));
  for (const word of named) if (!known.has(word)) flaws.push(`names ${word}, which does not exist`);
  return flaws;
}

/** The operator's model reads it in a client of the user's: it may name what that caller has, and nothing of one project. */
function lintSkill({ description, body }: SkillText, tools: readonly ToolText[]): string[] {
  const mine = new Set(tools.filter(({ audience }) => audience.includes("operator")).map(({ name }) => name));
  const strange = [...new Set(`${description}\n${body}`.match(TOOL_LIKE) ?? [])].filter((word) => !mine.has(word));
  return [
    ...(tokens(description) > MAX_SKILL_DESCRIPTION
      ? [`description of ${tokens(description)} tokens, at most ${MAX_SKILL_DESCRIPTION}`]
      : []),
    ...(description.includes("Use when") ? [] : ["description does not say when to use it"]),
    ...overlong(body),
    ...variable(body),
    ...prefixed(body),
    ...strange.map((word) => `names ${word}, which is no tool of the operator`),
  ];
}

/** Ways out that are no order by themselves. */
const ACTS = /\bend your turn\b|^skep [a-z]+|^the same call\b|^wait\b|^look again\b|^npm |^git |^whoami\b/;

function lintRefusal({ code, next }: RefusalText, tools: readonly ToolText[]): string[] {
  const flaws = prefixed(next);
  if (!/^[A-Z][A-Z0-9_]{2,39}$/.test(code)) flaws.push("is no stable code in capitals");
  if (next.trim() === "") return [...flaws, "has no next step"];
  const known = new Set(tools.flatMap(({ name, params, values }) => [name, ...params.map((param) => param.name), ...values]));
  const words = next.match(TOOL_LIKE) ?? [];
  for (const word of words) if (!known.has(word)) flaws.push(`next step names ${word}, which does not exist`);
  if (words.length > 0 || ACTS.test(next) || next.startsWith("…") || imperatives(next).length > 0) return flaws;
  return [...flaws, `next step ${JSON.stringify(next)} names no tool and no act`];
}

/** Words built like a tool's name. */
const TOOL_LIKE = /\b(?:collab|task|plan|pipeline|swarm|gate|diff|finding|inbox|message|human|spawn|stop)_[a-z_]+\b/g;

const tokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/** Base forms that begin an order in our texts. A verb that is missing here weakens the count, nothing else. */
const VERBS = new Set(
  `add allow answer approve ask avoid call change check choose clone close commit configure connect correct create cut decide delete do drop end
  explain find finish fix follow free give go ignore install join keep leave let list look lower make map mend move name never note omit open plan
  pull push put quote raise read record release remove rename repair repeat replace replan report resolve restart restore return run save say send set shorten
  show simplify split start state stop submit take tell think treat try unset update upgrade use wait walk write`.split(/\s+/),
);

/** Clauses that order something: those whose first word is a verb in its base form. */
export function imperatives(text: string): readonly string[] {
  return text
    .replace(/^#+ .*$/gm, "")
    .replace(/^\|.*\|$/gm, "") // rows of situation → call tables are choices, not orders
    .replace(/^\{.*\}$/gm, "") // so are examples
    .split(/\n|[.;:,](?=\s)|\band (?=[a-z])/)
    .map((clause) => clause.replace(/^[\s\-*#\d.)]+/, ""))
    .filter((clause) => VERBS.has(clause.split(/[^A-Za-z]/)[0]?.toLowerCase() ?? ""));
}
