import { activities } from "../model/activity.ts";
import { CellSampler, type Walks } from "./cells.ts";
import type { SpaceCells } from "../contract.ts";
import { presenceMatters } from "../finite/finite.ts";
import type { Model } from "../model/model.ts";
import type { Solver } from "../conflicts/solver.ts";

/** What `SearchSpace.cells` gives. */
export function cellsOf(model: Model, solver: Solver, areEqual: boolean): SpaceCells {
  const sampler = new CellSampler(model, solver);
  const walks: Walks = new Map();
  const presence = presenceMatters(model);
  const isFree = model.composition?.grid === 0;
  const elements = model.composition?.elements ?? [];
  // In the order in which it can be decided whether they are there.
  const conditionals = [...activities(model.spec.parameters).keys()].flatMap((name) => {
    const own = model.conditionals.find(({ column }) => model.columns[column]!.label === name);
    return own === undefined ? [] : [own];
  });
  return {
    areEqual,
    optionalFractions: elements.flatMap(({ mayBeAbsent }, i) =>
      isFree && mayBeAbsent && presence[i] === true ? [i] : [],
    ),
    conditionals,
    redraw: (row, rng) => sampler.draw(row, rng, walks),
  };
}
