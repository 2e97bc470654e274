/**
 * The staircase through the points that no other beats in both directions: corners of the region that
 * is reached. Empty when a direction is missing. Points are [x, y].
 */
export function frontSteps(
  points: readonly (readonly [number, number] | readonly number[])[],
  betterX: "low" | "high" | null,
  betterY: "low" | "high" | null,
): [number, number][] {
  if (betterX === null || betterY === null) return [];
  const signX = betterX === "low" ? 1 : -1;
  const signY = betterY === "low" ? 1 : -1;
  const costs = points
    .map(([x = 0, y = 0]): [number, number] => [x * signX, y * signY])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const steps: [number, number][] = [];
  let best = Infinity;
  for (const [x, y] of costs) {
    if (y >= best) continue;
    if (steps.length > 0) steps.push([x * signX, best * signY]);
    steps.push([x * signX, y * signY]);
    best = y;
  }
  return steps;
}
