import type { CustomSeriesOption } from "echarts";

/**
 * Bars of one standard deviation around points. Each value is
 * [x, y, x model, x total, y model, y total, opacity]; the model's own part is drawn thicker.
 */
export function errorBars(
  id: string,
  data: readonly { readonly value: number[] }[],
  colour: string,
): CustomSeriesOption {
  return {
    id,
    type: "custom",
    silent: true,
    clip: true,
    z: 3,
    dimensions: ["x", "y", "xModel", "xTotal", "yModel", "yTotal", "opacity"],
    encode: { x: 0, y: 1 },
    data: data.map(({ value }) => ({ value })),
    renderItem: (_params, api) => {
      const value = (at: number): number => Number(api.value(at));
      const bar = (axis: 0 | 1, std: number, lineWidth: number) => {
        const from = api.coord(
          axis === 0 ? [value(0) - std, value(1)] : [value(0), value(1) - std],
        );
        const to = api.coord(axis === 0 ? [value(0) + std, value(1)] : [value(0), value(1) + std]);
        return {
          type: "line" as const,
          shape: { x1: from[0] ?? 0, y1: from[1] ?? 0, x2: to[0] ?? 0, y2: to[1] ?? 0 },
          style: { stroke: colour, lineWidth, opacity: value(6) },
        };
      };
      return {
        type: "group",
        children: [
          ...(value(3) > 0 ? [bar(0, value(3), 1)] : []),
          ...(value(5) > 0 ? [bar(1, value(5), 1)] : []),
          ...(value(2) > 0 ? [bar(0, value(2), 2.5)] : []),
          ...(value(4) > 0 ? [bar(1, value(4), 2.5)] : []),
        ],
      };
    },
  };
}
