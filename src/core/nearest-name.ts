/**
 * The known name closest to a misspelt one, or undefined when none is near enough to be meant
 * (more than a third of its letters differ; of a single letter, anything but its case).
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = normalise(name);
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const distance = editDistance(wanted, normalise(candidate));
    if (distance < bestDistance) {
      bestDistance = distance;
      best = candidate;
    }
  }
  const most = wanted.length === 1 ? 0 : Math.ceil(wanted.length / 3);
  return bestDistance <= most ? best : undefined;
}

/** Names that a hint lists. */
const mostNames = 40;

/** `Did you mean "x"?` for an error's hint, or the list of known names when nothing is near. */
export function suggest(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (known.length === 0) return "None is known here.";
  const more = known.length > mostNames ? ` and ${known.length - mostNames} more` : "";
  return `Known: ${known.slice(0, mostNames).join(", ")}${more}.`;
}

const normalise = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]+/g, "_");

/** Optimal string alignment distance: insertions, deletions, substitutions, neighbouring swaps. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, beforePrevious[j - 2] + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}
