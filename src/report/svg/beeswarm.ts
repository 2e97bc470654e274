import type { ExplainedRows } from "../../campaign/explain/explanation.ts";
import { escapeHtml } from "../html.ts";
import { dots, drawnScale, horizontalAxis } from "./scale.ts";

const width = 960;
const left = 190;
const right = 940;
const top = 10;
const bandHeight = 34;
const dotStep = 3.2;
/** Classes of dots from low values to high ones; words have their own. */
const bins = 5;

/**
 * One line of dots per feature: every explained row at what the feature adds to its prediction, coloured
 * by the feature's value, dots that would cover each other side by side.
 * @param title of the axis: what is explained, with its unit
 */
export function beeswarmSvg(points: ExplainedRows, shown: number, title: string): string {
  const features = points.features.slice(0, shown);
  const bottom = top + features.length * bandHeight;
  const scale = drawnScale([0, ...features.flatMap((one) => one.contributions)], left, right);
  const bands = features.map((feature, f) => {
    const middle = top + (f + 0.5) * bandHeight;
    const classes = classesOf(feature.values, feature.levels.length > 0);
    const heights = stack(feature.contributions.map((value) => Number(scale.at(value))));
    const marks = [...new Set(classes)].sort().map((name) =>
      dots(
        feature.contributions.flatMap((value, i) =>
          classes[i] === name
            ? [[scale.at(value), (middle + heights[i]!).toFixed(1)] as const]
            : [],
        ),
        `dot ${name}`,
      ),
    );
    return `<text class="name" x="${left - 14}" y="${middle + 4}" text-anchor="end">${escapeHtml(feature.name.replaceAll("_", " "))}</text>${marks.join("")}`;
  });
  const label = `${title}: what each of ${features.length} features adds, for ${points.rows.length} rows. The table below gives the same in numbers.`;
  return `<svg class="plot" viewBox="0 0 ${width} ${bottom + 52}" role="img" aria-label="${escapeHtml(label)}">
${horizontalAxis(scale, top, bottom)}
${bands.join("\n")}
<text x="${(left + right) / 2}" y="${bottom + 44}" text-anchor="middle">${escapeHtml(`adds to ${title}`)}</text>
</svg>`;
}

/** The class of each dot: its place among the values of the feature, in fifths of their ranks. */
export function classesOf(values: readonly number[], isWord: boolean): string[] {
  const different = new Set(values).size;
  if (isWord || different < 2) return values.map(() => "word");
  const ascending = [...values].sort((a, b) => a - b);
  return values.map((value) => {
    const below = ascending.indexOf(value);
    const equal = ascending.lastIndexOf(value) - below + 1;
    const share = (below + equal / 2) / values.length;
    return `v${Math.min(bins - 1, Math.floor(share * bins))}`;
  });
}

/** Heights that keep dots of nearly the same place apart, alternating around the middle. */
function stack(places: readonly number[]): number[] {
  const taken = new Map<number, number>();
  const most = bandHeight / 2 - 3;
  return places.map((place) => {
    const cell = Math.round(place / dotStep);
    const n = taken.get(cell) ?? 0;
    taken.set(cell, n + 1);
    const step = Math.ceil(n / 2) * dotStep * (n % 2 === 1 ? 1 : -1);
    // A crowd that is too high folds back into its band.
    return Math.abs(step) <= most ? step : Math.sign(step) * (Math.abs(step) % most);
  });
}
