import { alloyDomain } from "./alloy/domain.ts";
import type { Domain } from "./contract.ts";
import { generalDomain } from "./general/domain.ts";

/** Every domain, by name. A new one is one folder and one line here. */
export const domains = {
  alloy: alloyDomain,
  general: generalDomain,
} as const satisfies Record<string, Domain>;

/** The domain of a problem file that names none. */
export const defaultDomain: keyof typeof domains = "general";
