import type { Node } from "../expression/node.ts";
import { parseExpression } from "../expression/parse-expression.ts";

/** The units of the numbers in a formula, in their order. @throws InputError for what is not a formula */
export function unitsInFormula(text: string): string[] {
  const units: string[] = [];
  const visit = (node: Node): void => {
    if (node.kind === "number") units.push(node.unit);
    else if (node.kind === "negative") visit(node.operand);
    else if (node.kind === "call") node.arguments.forEach(visit);
    else if (node.kind === "binary") [node.left, node.right].forEach(visit);
  };
  visit(parseExpression(text, "formula"));
  return units;
}
