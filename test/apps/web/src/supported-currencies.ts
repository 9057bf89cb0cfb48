import { task } from "fusionize";
import { RATES } from "./rates.ts";

export const supportedCurrencies = task("supportedCurrencies", async () => ({ currencies: Object.keys(RATES) }));
