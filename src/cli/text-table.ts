/** One column of a printed table. */
export interface TextColumn<Row> {
  readonly title: string;
  readonly align?: "left" | "right";
  text(row: Row): string;
}

/** A plain aligned table, one line a row, two blanks between columns. */
export function textTable<Row>(rows: readonly Row[], columns: readonly TextColumn<Row>[]): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => column.text(row))),
  ];
  const widths = columns.map((_, j) => Math.max(...cells.map((line) => widthOf(line[j]!))));
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const lines = cells.map((line) =>
    line
      .map((cell, j) => {
        const gap = " ".repeat(widths[j]! - widthOf(cell));
        return columns[j]!.align === "right" ? gap + cell : cell + gap;
      })
      .join("  ")
      .trimEnd(),
  );
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** Characters as a terminal counts them. */
const widthOf = (text: string): number => Array.from(text).length;
