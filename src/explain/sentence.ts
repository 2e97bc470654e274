import { formatNumber } from "../core/format.ts";

/** One feature of an explained row, in words and numbers. */
export interface FeatureFact {
  /** How the feature stands: `Al is low`, `melting temperature is high`, `the route is CAST`. */
  readonly words: string;
  /** What it adds, in the unit of the prediction. */
  readonly contribution: number;
}

export interface SentenceFacts {
  /** What is predicted: `yield strength`, `probability of BCC`. */
  readonly title: string;
  readonly unit: string;
  readonly prediction: number;
  /** Where the contributions start from: the mean prediction. */
  readonly base: number;
  /** Usual distance of a prediction from the mean: their standard deviation. */
  readonly spread: number;
  readonly features: readonly FeatureFact[];
}

/** Fewer steps from the mean than this are not worth a direction. */
const leastSteps = 0.25;
const mostReasons = 3;
/** A reason must make at least this share of the strongest one to be told. */
const leastShare = 0.2;

/**
 * Says in one sentence why a prediction is what it is:
 * `Yield strength is high (1,240 MPa against 900 MPa on average) because Al is low (+180) and melting
 * temperature is high (+110), although Cr is high (-60).`
 */
export function predictionSentence(facts: SentenceFacts): string {
  const { prediction, base, spread, features } = facts;
  const distance = prediction - base;
  const ordered = [...features]
    .filter(({ contribution }) => contribution !== 0)
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const strongest = Math.abs(ordered[0]?.contribution ?? 0);
  const tellable = ordered.filter((one) => Math.abs(one.contribution) >= leastShare * strongest);
  const up = tellable.filter((one) => one.contribution > 0).slice(0, mostReasons);
  const down = tellable.filter((one) => one.contribution < 0).slice(0, mostReasons);
  const subject = capital(facts.title);
  const numbers = `${withUnit(prediction, facts.unit)} against ${withUnit(base, facts.unit)} on average`;
  if (ordered.length === 0) {
    return `${subject} is average (${numbers}): no feature moves it.`;
  }
  if (Math.abs(distance) < leastSteps * spread || distance === 0) {
    const parts = [
      ...(up.length === 0 ? [] : [`raised because ${listing(up)}`]),
      ...(down.length === 0 ? [] : [`lowered because ${listing(down)}`]),
    ];
    return `${subject} is near the average (${numbers}): ${parts.join("; ")}.`;
  }
  const [word, reasons, objections] = distance > 0 ? ["high", up, down] : ["low", down, up];
  const because = reasons.length === 0 ? "" : ` because ${listing(reasons)}`;
  const although = objections.length === 0 ? "" : `, although ${listing(objections.slice(0, 2))}`;
  return `${subject} is ${word} (${numbers})${because}${although}.`;
}

const listing = (facts: readonly FeatureFact[]): string => {
  const texts = facts.map((one) => `${one.words} (${signed(one.contribution)})`);
  return texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} and ${texts[texts.length - 1]}`;
};

/** A contribution with its sign and at least two digits: `+0.11`, `-184`. */
export function signed(value: number): string {
  const text = formatNumber(value, 2);
  return value > 0 ? `+${text}` : text;
}

const withUnit = (value: number, unit: string): string =>
  `${formatNumber(value, 3)} ${unit === "1" ? "" : unit}`.trimEnd();

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Where a value lies among the usual ones: `low` in the lowest third, `high` in the highest, else `medium`;
 * equal values count half.
 * @param usual values of the background, in any order, at least one
 */
export function levelWord(value: number, usual: ArrayLike<number>): "low" | "medium" | "high" {
  let below = 0;
  for (let i = 0; i < usual.length; i++) {
    if (usual[i] < value) below++;
    else if (usual[i] === value) below += 0.5;
  }
  const share = below / usual.length;
  return share < 1 / 3 ? "low" : share > 2 / 3 ? "high" : "medium";
}
