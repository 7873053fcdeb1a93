/** Failures of other systems: where each was met, what skep does instead, and the test that shows it. */
import { MET_BY } from "../../test/field/met-by.ts";
import failures from "../../test/requirements/field.ts";
import { code, table } from "./table.ts";

export function failuresTable(): string {
  const rows = Object.entries(failures).map(([id, sentence]) => {
    const [failure = "", instead = ""] = sentence.split(/: (.*)/s);
    return [capital(failure), MET_BY[id as keyof typeof failures], capital(instead), code(id)];
  });
  return table(["what went wrong", "where", "what skep does", "test"], rows);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
