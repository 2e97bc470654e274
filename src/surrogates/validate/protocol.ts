import { InputError } from "../../core/errors.ts";
import type { Rng } from "../../core/rng.ts";
import {
  groupedKFold,
  holdout,
  kFold,
  stratifiedHoldout,
  stratifiedKFold,
  type Split,
} from "../../data/split.ts";
import type { Task } from "../contract.ts";

/**
 * How rows are held out. `holdout`: a random share, drawn anew each repeat; `kfold`: every row tested
 * once a repeat; both stratified for classes. `grouped`: k folds that keep rows of one key (a chemical
 * system) together; `published`: the split that came with the data.
 */
export const protocols = ["holdout", "kfold", "grouped", "published"] as const;
export type Protocol = (typeof protocols)[number];

export interface ProtocolSettings {
  readonly protocol: Protocol;
  readonly testFraction: number;
  readonly folds: number;
}

/** What the rows are split by. */
export interface SplitInput {
  readonly y: Float64Array;
  readonly task: Task;
  readonly groups?: readonly string[] | undefined;
  readonly split?: Split | undefined;
}

/** The train and test rows of one repeat. @throws InputError when the protocol lacks its keys or split */
export function splitsOf(
  { y, task, groups, split }: SplitInput,
  { protocol, testFraction, folds }: ProtocolSettings,
  rng: Rng,
): Split[] {
  const isClassification = task.kind === "classification";
  switch (protocol) {
    case "holdout":
      return [
        isClassification
          ? stratifiedHoldout(y, testFraction, rng)
          : holdout(y.length, testFraction, rng),
      ];
    case "kfold":
      return isClassification ? stratifiedKFold(y, folds, rng) : kFold(y.length, folds, rng);
    case "grouped":
      if (groups === undefined) throw missing("grouped", "a group for every row");
      return groupedKFold(groups, folds, rng);
    case "published":
      if (split === undefined) throw missing("published", "the split that came with the data");
      return [split];
    default:
      throw new InputError(`validate: "${String(protocol)}" is not a protocol.`, {
        path: "protocol",
        hint: `Choose one of ${protocols.join(", ")}.`,
      });
  }
}

function missing(protocol: string, what: string): InputError {
  return new InputError(`validate: protocol ${protocol} expects ${what}, got none.`, {
    path: "protocol",
    hint: "Choose holdout or kfold, or name the column.",
  });
}
