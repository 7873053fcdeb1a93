/** Which changes are reviewed twice, and which not at all. */
import { z } from "zod";
import { inside } from "./values.ts";

/** What is worth a second pair of eyes in most projects: who may do what, money, stored data, what builds and what comes in. */
const RISKY: readonly string[] = [
  // Not author.ts.
  "**/*auth{,[^o]*}",
  "**/*auth{,[^o]*}/**",
  "**/*{authori[sz],login,password,permission}*",
  "**/*{authori[sz],login,password,permission}*/**",
  "**/*{crypto,cipher,secret}*",
  "**/*{crypto,cipher,secret}*/**",
  "**/*{payment,billing,checkout}*",
  "**/*{payment,billing,checkout}*/**",
  "**/migrations/**",
  "**/*.sql",
  ".github/**",
  ".gitlab-ci.yml",
  ".circleci/**",
  ".ci/**",
  "**/Jenkinsfile",
  "**/Dockerfile",
  "**/CODEOWNERS",
  "**/{package,composer}.json",
  "**/{pyproject,Cargo,Pipfile}.{toml,lock}",
  "**/requirements*.txt",
  "**/go.{mod,sum}",
  "**/Gemfile",
  "**/pom.xml",
  "**/*.gradle{,.kts}",
];

export const review = z
  .strictObject({
    risky: z
      .array(inside)
      .max(200)
      .default([...RISKY])
      .describe("Globs; a task that touches one of these paths is of high risk, and reviewed for that first when the team can."),
    skip: z
      .array(inside)
      .max(200)
      .default([])
      .describe("Globs, such as docs/**; a change that touches nothing else is approved without a review, and the log says so."),
  })
  .describe("What a review looks at first, and what needs none.");
