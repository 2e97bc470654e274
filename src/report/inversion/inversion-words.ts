import { formatNumber, formatPercent, plural, unitSuffix } from "../format.ts";
import { targetTitle, type InversionView } from "./inversion-view.ts";

const numerals = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

const inWords = (n: number): string => numerals[n] ?? String(n);

/** A title within a sentence; `P(BCC)` and `VEC` stay as they are. */
const lower = (title: string): string =>
  /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The answer in one or two sentences: how many families reach the targets, and what the first one is worth. */
export function answerOf({ result, targets }: InversionView): string {
  const { modes, verdict, problem, otherWeight } = result;
  const { design } = problem.nouns;
  const aim = targets.length === 1 ? "the target" : "the targets";
  if (verdict === "unreachable") {
    const missed = result.nearest.targets.flatMap(({ label, mean, gap, isReached }) => {
      const target = targets.find(({ text }) => text === label);
      if (isReached || target === undefined) return [];
      const unit = target.kind === "class" ? "" : unitSuffix(target.unit);
      return [
        `${lower(targetTitle(target))} ${formatNumber(mean)}${unit}, ${formatNumber(Math.abs(gap), 3)}${unit} too ${gap < 0 ? "low" : "high"}`,
      ];
    });
    return `No ${design} of this space is predicted to reach ${aim}. The nearest one found has ${missed.join("; ")}.`;
  }
  const [first] = modes;
  if (first === undefined) {
    return `Many small families of ${design}s reach ${aim}; none of them holds a hundredth of the probability.`;
  }
  const share = shareText(first.weight, first.weightError);
  if (modes.length === 1) {
    const most = otherWeight > 0.005 ? `, with ${share} of the probability` : "";
    return first.open > 0
      ? `One family of ${design}s reaches ${aim}${most}. It is not a single point: ${inWords(first.open)} of ${plural(first.directions, "direction")} ${first.open === 1 ? "is" : "are"} left open.`
      : `One family of ${design}s reaches ${aim}${most}, narrow in every direction.`;
  }
  return `${capital(inWords(modes.length))} different families of ${design}s reach ${aim}; the first has ${share} of the probability.`;
}

/** `62 ± 3 %`. */
export function shareText(weight: number, error: number): string {
  if (!(error > 0.0005)) return formatPercent(weight);
  const digits = error < 0.01 ? 1 : 0;
  return `${(100 * weight).toFixed(digits)} ± ${(100 * error).toFixed(digits)}\u202f%`;
}

/** How much of the space the targets leave: `about 1 in 250`. */
export function remainingText(share: number): string {
  if (share > 0.5) return formatPercent(share);
  return `about 1 in ${formatNumber(1 / share, 2)}`;
}
