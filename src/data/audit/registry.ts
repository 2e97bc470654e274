import { compositionCheck } from "./composition.ts";
import { conflictingLabelsCheck } from "./conflicting-labels.ts";
import { constantCheck } from "./constant.ts";
import type { AuditCheck } from "./context.ts";
import { duplicatesCheck } from "./duplicates.ts";
import { impossibleCheck } from "./impossible.ts";
import { missingCheck } from "./missing.ts";
import { outliersCheck } from "./outliers.ts";
import { readingCheck } from "./reading.ts";
import { replicatesCheck } from "./replicates.ts";
import { spellingsCheck } from "./spellings.ts";
import { unitSlipsCheck } from "./unit-slips.ts";

/** Every check of the audit in the order of its report; a new one is a file and a line here. */
export const auditChecks = {
  composition: compositionCheck,
  impossible: impossibleCheck,
  duplicates: duplicatesCheck,
  "conflicting-labels": conflictingLabelsCheck,
  replicates: replicatesCheck,
  "unit-slips": unitSlipsCheck,
  outliers: outliersCheck,
  spellings: spellingsCheck,
  missing: missingCheck,
  constant: constantCheck,
  reading: readingCheck,
} as const satisfies Record<string, AuditCheck>;
