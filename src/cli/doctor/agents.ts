import { quote } from "../../base/errors.ts";
import { listed } from "../../domain/foreign.ts";
import type { Found, Harness } from "../../harness/harness.ts";
import { type Around, type DoctorCheck, fail, type Look, ok, warn } from "./check.ts";
import { type Use, usesOf } from "./uses.ts";

/** Every agent CLI skep knows: found where, in which version, tried with which, signed in, wanted by whom. */
export const agents: DoctorCheck = async (around) => {
  const uses = usesOf(around);
  const looks = await Promise.all([...around.harnesses.values()].map((harness) => look(harness, uses.get(harness.id) ?? null, around)));
  return looks.flat();
};

async function look(harness: Harness, use: Use | null, { env }: Around): Promise<readonly Look[]> {
  const { id } = harness;
  const found = await harness.detect(env, use?.settings ?? {});
  const wanted = use === null ? "no role uses it" : `used by ${listed(use.roles, 6)}${use.fallback ? ", when another does not serve" : ""}`;
  if (!found.found) {
    if (use === null) return [ok(id, `${found.why}; ${wanted}`)];
    return [(use.fallback ? warn : fail)(id, "cli-unusable", `${found.why}; ${wanted}`, found.fix)];
  }
  const what = `${found.version === "unknown" ? "" : `${found.version}, `}${quote(found.path, 200)}`;
  const strange = untried(harness, found);
  if (use !== null && strange)
    return [warn(id, "cli-untried", `${what}; ${strange}; ${wanted}`, `install ${harness.tried} if sessions fail`)];
  const signed = use === null || !harness.signIn ? null : harness.signIn(env, use.settings);
  if (signed && !signed.found) return [warn(id, "cli-signed-out", `${what}; ${wanted}; no sign-in was found`, signed.fix)];
  return [ok(id, `${what}${strange ? `; ${strange}` : ""}${signed?.found ? `; signs in by ${signed.by}` : ""}; ${wanted}`)];
}

/** What there is to say about a version nobody tried; null when it is the tried one or none is told. */
function untried({ tried }: Harness, { version }: Found): string | null {
  if (tried === undefined || version === "unknown" || version === tried) return null;
  return `not tried with this version, ${tried} was`;
}
