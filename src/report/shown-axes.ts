import type { ReportView } from "./view.ts";

/** Axes with a value for some candidate. */
export function usableAxes(view: ReportView): number[] {
  return view.axes.flatMap((_, a) =>
    view.candidates.some((c) => typeof c.mean[a] === "number") ? [a] : [],
  );
}

/** Which two axes to show first: what is minimised across, what is maximised up, targets before others. */
export function firstAxes(view: ReportView): [number, number] {
  const usable = usableAxes(view);
  const targets = usable.filter((a) => view.axes[a]?.isTarget);
  const distance = view.axes.findIndex((axis) => axis.key === "distance");
  const high = targets.find((a) => view.axes[a]?.better === "high") ?? targets[0] ?? usable[0] ?? 0;
  const low = targets.find((a) => a !== high && view.axes[a]?.better === "low");
  return [low ?? targets.find((a) => a !== high) ?? distance, high];
}
