import type { JsonValue } from "../surrogates/contract.ts";
import { InvalidArgumentError, Option } from "commander";

/** `--json`: one JSON document on stdout and nothing else there. */
export const jsonOption = (): Option =>
  new Option("--json", "print one JSON document on stdout; progress goes to stderr");

/** `--seed <n>`: the same seed gives the same bytes. */
export const seedOption = (): Option =>
  new Option("--seed <n>", "seed of the random numbers").argParser(wholeNumber);

/** Parses a whole number that is not negative. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidArgumentError(`Expected a whole number such as 7, got "${text}".`);
  }
  return Number(text);
}

/** Parses a whole number from 1 to `most`. */
export const countUpTo =
  (most: number) =>
  (text: string): number => {
    const value = wholeNumber(text);
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${most}, got "${text}".`);
  };

/** Parses a number. */
export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) {
    throw new InvalidArgumentError(`Expected a number such as 0.05, got "${text}".`);
  }
  return value;
}

/** Parses a list separated by commas. */
export const list = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Collects `name=value`; may be given several times. */
export function setting(
  text: string,
  known: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError(`Expected name=value, got "${text}".`);
  }
  return { ...known, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

/** The same with values as JSON where they read as such, else as words: `trees=300`, `hidden=[64,64]`, `batch=joint`. */
export function jsonSetting(
  text: string,
  known: Readonly<Record<string, JsonValue>>,
): Readonly<Record<string, JsonValue>> {
  const [[name, value]] = Object.entries(setting(text, {})) as [[string, string]];
  return { ...known, [name]: jsonOrWord(value) };
}

function jsonOrWord(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
