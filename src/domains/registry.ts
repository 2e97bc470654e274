import { alloyDomain } from "./alloy/domain.ts";
import type { Domain } from "./contract.ts";

/** Every domain, by name. A new one is one folder and one line here. */
export const domains = {
  alloy: alloyDomain,
} as const satisfies Record<string, Domain>;
