/** Every translated page uses the words of its glossary. */
import { existsSync, readdirSync, readFileSync } from "node:fs";

const problems = readdirSync("pages").flatMap((name) => {
  const language = /\.(\w\w)\.md$/.exec(name)?.[1];
  if (!language) return [];
  if (!existsSync(`glossary.${language}.txt`)) return [`${name}: there is no glossary.${language}.txt`];
  const words = readFileSync(`glossary.${language}.txt`, "utf8").trim().split("\n").map((line) => line.split(" = ")[1]);
  const page = readFileSync(`pages/${name}`, "utf8");
  return words.filter((word) => !page.includes(word)).map((word) => `${name}: ${word} is missing`);
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
