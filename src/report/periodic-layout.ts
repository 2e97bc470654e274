/** Row and column (from 1) of an element in the 18-column table; rows 9 and 10 hold the f block. */
export function periodicCell(atomicNumber: number): { row: number; column: number } {
  const z = atomicNumber;
  if (z >= 57 && z <= 71) return { row: 9, column: z - 54 };
  if (z >= 89 && z <= 103) return { row: 10, column: z - 86 };
  const nobles = [0, 2, 10, 18, 36, 54, 86, 118];
  const row = nobles.findIndex((noble) => z <= noble);
  const first = (nobles[row - 1] ?? 0) + 1;
  const fromEnd = (nobles[row] ?? z) - z;
  if (z - first < 2 && z !== 2) return { row, column: z - first + 1 };
  return { row, column: 18 - fromEnd };
}
