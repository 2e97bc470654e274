import type { TargetSummary } from "../../campaign/contract.ts";
import { formatNumber } from "../format.ts";
import { escapeHtml } from "../html.ts";
import { dots, drawnScale, horizontalAxis, verticalAxis } from "../svg/scale.ts";
import {
  byFamily,
  drawnByWeight,
  familyClass,
  isMissed,
  targetName,
  type InversionView,
} from "./inversion-view.ts";

/** Designs of the posterior that are drawn in a picture. */
const shownDesigns = 400;

const limitsOf = ({ low, high }: TargetSummary): number[] =>
  [low, high].filter((limit) => limit !== null);

const strip = { width: 420, height: 104, left: 30, right: 390, axis: 66 };

/**
 * One target: below the line what designs of the space are predicted to have, above it what the solutions have, the
 * wanted range, the nearest design found and by how much it misses.
 */
export function reachStrip(view: InversionView, t: number): string {
  const { sample, result, targets } = view;
  const target = targets[t]!;
  const reach = result.nearest.targets[t]!;
  const prior = sample.prior.map(({ means }) => means[t]!);
  const limits = limitsOf(target);
  const drawn = drawnByWeight(sample.designs, shownDesigns);
  const own = drawn.map(({ predictions }) => predictions[t]!.mean);
  const x = drawnScale([...prior, ...own, ...limits, reach.mean], strip.left, strip.right, 5);
  const { axis } = strip;
  const [least, most] = [x.at(target.low ?? x.ticks[0]!), x.at(target.high ?? x.ticks.at(-1)!)];
  const families = byFamily(drawn).map(({ family, designs }) => {
    const ticks = designs.map(
      ({ predictions }) => `M${x.at(predictions[t]!.mean)} ${axis - 2}v-14`,
    );
    return `<path class="tick ${familyClass(family)}" d="${ticks.join("")}"/>`;
  });
  const spaceTicks = prior.map((value) => `M${x.at(value)} ${axis + 2}v10`).join("");
  const place = Number(x.at(reach.mean));
  const edge = reach.mean - reach.gap;
  const miss = !isMissed(reach)
    ? ""
    : `<path class="miss" d="M${x.at(edge)} ${axis - 30}H${x.at(reach.mean)}"/>`;
  const label =
    `${targetName(target)}: asked for ${target.text}; the nearest design is predicted at ${formatNumber(reach.mean)}` +
    `, designs of the space at ${formatNumber(Math.min(...prior))} to ${formatNumber(Math.max(...prior))}`;
  return `<svg class="plot" viewBox="0 0 ${strip.width} ${strip.height}" role="img" aria-label="${escapeHtml(label)}">
<rect class="wanted" x="${least}" y="22" width="${Math.max(0, Number(most) - Number(least)).toFixed(1)}" height="${axis - 8}"/>
${[...new Set(limits)].map((value) => `<path class="limit" d="M${x.at(value)} 22V${axis + 14}"/>`).join("")}
<path class="axis" d="M${strip.left} ${axis}H${strip.right}"/>
<path class="tick fx" d="${spaceTicks}"/>${families.join("")}${miss}
<path class="near" d="M${place} ${axis - 37}l6 7l-6 7l-6 -7z"/>
${x.ticks.map((value) => `<text x="${x.at(value)}" y="${axis + 32}" text-anchor="middle">${formatNumber(value)}</text>`).join("")}
<text class="title" x="2" y="12">${escapeHtml(targetName(target))}</text>
</svg>`;
}

const plane = { width: 476, height: 420, left: 76, right: 446, top: 12, bottom: 362 };

/** Two targets: what designs of the space have, what the solutions have, what is wanted, and the nearest design. */
export function attainableSvg(view: InversionView, a: number, b: number): string {
  const { sample, result, targets } = view;
  const [first, second] = [targets[a]!, targets[b]!];
  const [near, far] = [result.nearest.targets[a]!, result.nearest.targets[b]!];
  const drawn = drawnByWeight(sample.designs, shownDesigns);
  const values = (t: number): number[] => [
    ...sample.prior.map(({ means }) => means[t]!),
    ...drawn.map(({ predictions }) => predictions[t]!.mean),
    ...limitsOf(targets[t]!),
    result.nearest.targets[t]!.mean,
  ];
  const x = drawnScale(values(a), plane.left, plane.right, 5);
  const y = drawnScale(values(b), plane.bottom, plane.top, 5);
  const wantedX = [first.low ?? x.ticks[0]!, first.high ?? x.ticks.at(-1)!].map((v) =>
    Number(x.at(v)),
  );
  const wantedY = [second.high ?? y.ticks.at(-1)!, second.low ?? y.ticks[0]!].map((v) =>
    Number(y.at(v)),
  );
  const [left, right] = [wantedX[0]!, wantedX[1]!];
  const [top, bottom] = [wantedY[0]!, wantedY[1]!];
  const isPoint = left === right && top === bottom;
  const wanted = isPoint
    ? `<path class="goal" d="M${left - 8} ${top}h16M${left} ${top - 8}v16"/>`
    : `<rect class="wanted" x="${left}" y="${top}" width="${(right - left).toFixed(1)}" height="${(bottom - top).toFixed(1)}"/><rect class="limit" x="${left}" y="${top}" width="${(right - left).toFixed(1)}" height="${(bottom - top).toFixed(1)}"/>`;
  const families = byFamily(drawn).map(({ family, designs }) =>
    dots(
      designs.map(({ predictions }) => [x.at(predictions[a]!.mean), y.at(predictions[b]!.mean)]),
      `dot own ${familyClass(family)}`,
    ),
  );
  const link =
    isMissed(near) || isMissed(far)
      ? `<path class="miss" d="M${x.at(near.mean)} ${y.at(far.mean)}L${x.at(near.mean - near.gap)} ${y.at(far.mean - far.gap)}"/>`
      : "";
  const label = `${targetName(first)} and ${targetName(second)} of designs of the space and of solutions; the nearest design is predicted at ${formatNumber(near.mean)} and ${formatNumber(far.mean)}`;
  return `<svg class="plot" viewBox="0 0 ${plane.width} ${plane.height}" role="img" aria-label="${escapeHtml(label)}">
${verticalAxis(y, plane.left, plane.right)}${horizontalAxis(x, plane.top, plane.bottom)}${wanted}
${dots(
  sample.prior.map(({ means }) => [x.at(means[a]!), y.at(means[b]!)] as const),
  "dot space",
)}
${families.join("")}${link}
<path class="near" d="M${x.at(near.mean)} ${(Number(y.at(far.mean)) - 8).toFixed(1)}l7 8l-7 8l-7 -8z"/>
<text class="name" x="${(plane.left + plane.right) / 2}" y="${plane.height - 14}" text-anchor="middle">${escapeHtml(targetName(first))}</text>
<text class="name" transform="translate(18 ${(plane.top + plane.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(targetName(second))}</text>
</svg>`;
}
