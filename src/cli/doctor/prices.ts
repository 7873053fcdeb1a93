import { shippedPrices } from "../../catalog/prices.ts";
import { listed } from "../../domain/foreign.ts";
import { priceOf } from "../../domain/price.ts";
import { type DoctorCheck, ok, warn } from "./check.ts";
import { usesOf } from "./uses.ts";

const OLD_DAYS = 180;
const NONE = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };

/** The table that reckons money where a CLI reports tokens alone: how old it is, and which models of this project it lacks. */
export const prices: DoctorCheck = async (around) => {
  const { clock, settings, harnesses } = around;
  const { asOf, prices: shipped } = shippedPrices();
  const own = settings === null || settings instanceof Error ? [] : settings.config.prices;
  const days = Math.floor((clock.now() - Date.parse(asOf)) / 86_400_000);
  const table = `${shipped.length} models as of ${asOf}${own.length > 0 ? `, ${own.length} of your own before them` : ""}`;
  const uses = [...usesOf(around)].filter(([id]) => harnesses.get(id)?.capabilities.cost === false);
  const unknown = uses.flatMap(([, { models }]) => models).filter((model) => priceOf([...own, ...shipped], model, NONE) === null);
  if (unknown.length > 0)
    return [
      warn(
        "prices",
        "prices-missing",
        `${table}; none for ${listed(unknown, 5)}: their tokens count, their money does not`,
        "add them under prices in .skep/config.yaml",
      ),
    ];
  if (days > OLD_DAYS)
    return [warn("prices", "prices-old", `${table}: ${days} days old`, "a newer skep, or your own prices in .skep/config.yaml")];
  return [ok("prices", table)];
};
