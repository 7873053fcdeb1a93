/** Every promise of the product, one file per part. Written by `npm run generate` from the folder beside it. */
import type { PromisePart } from "../scripts/promises.ts";
import acp from "./requirements/acp.ts";
import badInput from "./requirements/bad-input.ts";
import catalog from "./requirements/catalog.ts";
import chaos from "./requirements/chaos.ts";
import checks from "./requirements/checks.ts";
import cli from "./requirements/cli.ts";
import client from "./requirements/client.ts";
import clis from "./requirements/clis.ts";
import command from "./requirements/command.ts";
import config from "./requirements/config.ts";
import continuation from "./requirements/continuation.ts";
import demo from "./requirements/demo.ts";
import docs from "./requirements/docs.ts";
import doctor from "./requirements/doctor.ts";
import domain from "./requirements/domain.ts";
import e2e from "./requirements/e2e.ts";
import engine from "./requirements/engine.ts";
import field from "./requirements/field.ts";
import flood from "./requirements/flood.ts";
import fuzz from "./requirements/fuzz.ts";
import gates from "./requirements/gates.ts";
import git from "./requirements/git.ts";
import ground from "./requirements/ground.ts";
import harness from "./requirements/harness.ts";
import host from "./requirements/host.ts";
import human from "./requirements/human.ts";
import idle from "./requirements/idle.ts";
import limits from "./requirements/limits.ts";
import load from "./requirements/load.ts";
import mcp from "./requirements/mcp.ts";
import merge from "./requirements/merge.ts";
import mode from "./requirements/mode.ts";
import notify from "./requirements/notify.ts";
import ownership from "./requirements/ownership.ts";
import pipeline from "./requirements/pipeline.ts";
import plugin from "./requirements/plugin.ts";
import policy from "./requirements/policy.ts";
import preview from "./requirements/preview.ts";
import proc from "./requirements/proc.ts";
import prompts from "./requirements/prompts.ts";
import providers from "./requirements/providers.ts";
import report from "./requirements/report.ts";
import resolver from "./requirements/resolver.ts";
import retention from "./requirements/retention.ts";
import retrospect from "./requirements/retrospect.ts";
import review from "./requirements/review.ts";
import rules from "./requirements/rules.ts";
import scaling from "./requirements/scaling.ts";
import security from "./requirements/security.ts";
import seen from "./requirements/seen.ts";
import setup from "./requirements/setup.ts";
import store from "./requirements/store.ts";
import supervision from "./requirements/supervision.ts";
import tools from "./requirements/tools.ts";
import watch from "./requirements/watch.ts";
import why from "./requirements/why.ts";

export const PARTS: readonly PromisePart[] = [
  { name: "acp", promises: acp },
  { name: "bad-input", promises: badInput },
  { name: "catalog", promises: catalog },
  { name: "chaos", promises: chaos },
  { name: "checks", promises: checks },
  { name: "cli", promises: cli },
  { name: "client", promises: client },
  { name: "clis", promises: clis },
  { name: "command", promises: command },
  { name: "config", promises: config },
  { name: "continuation", promises: continuation },
  { name: "demo", promises: demo },
  { name: "docs", promises: docs },
  { name: "doctor", promises: doctor },
  { name: "domain", promises: domain },
  { name: "e2e", promises: e2e },
  { name: "engine", promises: engine },
  { name: "field", promises: field },
  { name: "flood", promises: flood },
  { name: "fuzz", promises: fuzz },
  { name: "gates", promises: gates },
  { name: "git", promises: git },
  { name: "ground", promises: ground },
  { name: "harness", promises: harness },
  { name: "host", promises: host },
  { name: "human", promises: human },
  { name: "idle", promises: idle },
  { name: "limits", promises: limits },
  { name: "load", promises: load },
  { name: "mcp", promises: mcp },
  { name: "merge", promises: merge },
  { name: "mode", promises: mode },
  { name: "notify", promises: notify },
  { name: "ownership", promises: ownership },
  { name: "pipeline", promises: pipeline },
  { name: "plugin", promises: plugin },
  { name: "policy", promises: policy },
  { name: "preview", promises: preview },
  { name: "proc", promises: proc },
  { name: "prompts", promises: prompts },
  { name: "providers", promises: providers },
  { name: "report", promises: report },
  { name: "resolver", promises: resolver },
  { name: "retention", promises: retention },
  { name: "retrospect", promises: retrospect },
  { name: "review", promises: review },
  { name: "rules", promises: rules },
  { name: "scaling", promises: scaling },
  { name: "security", promises: security },
  { name: "seen", promises: seen },
  { name: "setup", promises: setup },
  { name: "store", promises: store },
  { name: "supervision", promises: supervision },
  { name: "tools", promises: tools },
  { name: "watch", promises: watch },
  { name: "why", promises: why },
];
