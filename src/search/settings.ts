import { InputError } from "../core/errors.ts";
import { suggest } from "../core/nearest-name.ts";

/** What a setting of a strategy or planner means, for people. */
export interface SettingNote {
  /** One line. */
  readonly text: string;
  /** The words that it may be, where only some are. */
  readonly values?: readonly string[];
  /** It is an encoded design: whoever asks a person for it encodes what comes. */
  readonly isDesign?: true;
}

/** One for each setting; a text alone is its meaning. */
export type SettingNotes<Options extends object> = {
  readonly [Name in keyof Options]: string | SettingNote;
};

/** Of the setting that most strategies have. */
export const archiveNote = "designs kept of all that are scored; at least twice the batch are";

/** What strategies and planners have in common. */
export interface Configurable {
  readonly name: string;
  readonly defaults: object;
  readonly about: object;
}

/** The notes of a strategy or planner in one form, in the order of its defaults. */
export function settingNotes({ defaults, about }: Configurable): (SettingNote & {
  readonly name: string;
  readonly byDefault: unknown;
})[] {
  const notes = new Map(Object.entries<string | SettingNote>({ ...about }));
  return Object.entries(defaults).map(([name, byDefault]) => {
    const note = notes.get(name)!;
    return { name, byDefault, ...(typeof note === "string" ? { text: note } : note) };
  });
}

/**
 * Checks settings by name and kind; what numbers are allowed the strategy or planner says itself.
 * @throws InputError for a name that it does not have, a value of another kind than the default, and a word that is
 *   none of those it may be
 */
export function checkSettings(
  spec: Configurable,
  settings: Readonly<Record<string, unknown>> = {},
): void {
  const notes = settingNotes(spec);
  for (const [name, value] of Object.entries(settings)) {
    const note = notes.find((one) => one.name === name);
    if (note === undefined) {
      const known = notes.map((one) => one.name);
      throw new InputError(`${spec.name}: unknown setting "${name}".`, {
        path: name,
        expected: known.join(", ") || "no settings",
        received: name,
        ...(known.length === 0 ? {} : { hint: suggest(name, known) }),
      });
    }
    if (value === null || note.isDesign) continue;
    const word = typeof value === "string" ? value : JSON.stringify(value);
    if (note.values !== undefined && !note.values.includes(word)) {
      throw new InputError(`${spec.name}: ${name} cannot be "${word}".`, {
        path: name,
        expected: `one of ${note.values.join(", ")}`,
        received: word,
        hint: suggest(word, note.values),
      });
    }
    if (note.byDefault === null || kindOf(value) === kindOf(note.byDefault)) continue;
    throw new InputError(`${spec.name}: ${name} cannot be ${JSON.stringify(value)}.`, {
      path: name,
      expected: `${kindOf(note.byDefault)}, such as ${JSON.stringify(note.byDefault)}`,
      received: JSON.stringify(value),
    });
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "number" ? "a number" : typeof value === "string" ? "a word" : "a value";
}
