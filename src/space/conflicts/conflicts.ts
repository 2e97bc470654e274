import type { Conflict } from "../../core/errors.ts";
import { InfeasibleError } from "../../core/errors.ts";
import { formulate } from "./formulate.ts";
import type { Model } from "../model/model.ts";
import { partsOf, relaxation } from "./relax.ts";
import type { Member } from "./relax.ts";
import type { Solver } from "./solver.ts";
import { describeCount, describeRange, plain } from "../model/validate.ts";

/** At most this many disjoint conflicts are reported. */
const MOST_CONFLICTS = 5;

/** Whether any design keeps all constraints (those on quantities given by functions left aside). */
export function isSolvable(model: Model, solver: Solver): boolean {
  return solver.solve(formulate(model).program) !== null;
}

/**
 * Smallest sets of constraints and bounds that cannot hold together, mutually disjoint, each found by
 * leaving out one member after the other while the rest stays infeasible (deletion filter).
 * Source: J. W. Chinneck, Feasibility and Infeasibility in Optimization (2008), ch. 6,
 * doi:10.1007/978-0-387-74932-7.
 */
export function findConflicts(model: Model, solver: Solver): Conflict[] {
  const all = membersOf(model);
  const found: Member[][] = [];
  let members = all;
  while (found.length < MOST_CONFLICTS && !isPossible(model, solver, members)) {
    let kept = members;
    for (const member of members) {
      const without = kept.filter((one) => one !== member);
      if (!isPossible(model, solver, without)) kept = without;
    }
    found.push(kept);
    if (kept.length === 0) break;
    members = members.filter((member) => !kept.includes(member));
  }
  return found.map((kept) => {
    if (kept.length === 0) return { constraints: [backgroundText(model)], relaxations: [] };
    const relaxations = kept.map((member) => {
      const others = all.filter((one) => one !== member);
      // So far that the whole space has a design, unless something else stands in the way.
      if (isPossible(model, solver, others)) return relaxation(model, solver, member, all);
      const words = relaxation(model, solver, member, kept);
      return found.length > 1 ? words : `${words}, which is not enough by itself`;
    });
    return { constraints: kept.map(({ text }) => text), relaxations };
  });
}

/** The error for a space without designs. */
export function infeasibleError(conflicts: readonly Conflict[]): InfeasibleError {
  const [first] = conflicts;
  const list =
    first === undefined
      ? "its constraints"
      : first.constraints.map((text) => `"${text}"`).join(" and ");
  return new InfeasibleError(
    `space: no design satisfies ${list}${(first?.constraints.length ?? 0) > 1 ? " together" : ""}.`,
    conflicts,
  );
}

/** Bounds first, so that the filter drops them first and the user's own constraints remain. */
function membersOf(model: Model): Member[] {
  const members: Member[] = [];
  const { composition, spec } = model;
  if (composition !== null) {
    const { elements, name, count } = composition.parameter;
    elements.forEach(({ symbol, required }, element) => {
      if (required === true)
        members.push({ kind: "required", text: `${symbol} required`, element });
    });
    const ranges = new Map<string, number[]>();
    elements.forEach((element, i) => {
      if (element.min === 0 && element.max === 1) return;
      const range = describeRange(element);
      ranges.set(range, [...(ranges.get(range) ?? []), i]);
    });
    for (const [range, indices] of ranges) {
      const symbols = indices.map((i) => elements[i]!.symbol).join(", ");
      members.push({ kind: "range", text: `${symbols}: ${range}`, elements: indices });
    }
    if (count !== undefined)
      members.push({ kind: "count", text: `${name}: ${describeCount(count)}` });
  }
  for (const parameter of spec.parameters) {
    if (parameter.kind === "composition") continue;
    const column = model.columns.findIndex(({ label }) => label === parameter.name);
    const text =
      parameter.kind === "continuous"
        ? `${parameter.name}: ${plain(parameter.min)} to ${plain(parameter.max)} ${parameter.unit}`
        : `${parameter.name}: ${parameter.values.join(", ")}${parameter.kind === "discrete" ? ` ${parameter.unit}` : ""}`;
    members.push({ kind: "parameter", text: text.trim(), column });
  }
  const byText = new Map<string, number[]>();
  spec.constraints.forEach(({ text }, i) => byText.set(text, [...(byText.get(text) ?? []), i]));
  for (const [text, sources] of byText) members.push({ kind: "constraint", text, sources });
  return members;
}

function isPossible(model: Model, solver: Solver, members: readonly Member[]): boolean {
  return solver.solve(formulate(model, partsOf(members)).program) !== null;
}

const backgroundText = (model: Model): string =>
  model.composition === null
    ? "the parameters"
    : `fractions of ${model.composition.elements.map(({ symbol }) => symbol).join(", ")} that sum to one`;
