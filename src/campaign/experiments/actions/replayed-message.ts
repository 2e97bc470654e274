import { InputError } from "../../../core/errors.ts";
import type { JsonValue } from "../../../surrogates/contract.ts";
import type { CampaignHistory } from "../history/state.ts";

/** What the store names events itself. */
const ownName = /^e\d+$/;

/**
 * Whether a message with this name was recorded before, word for word.
 * @throws InputError when the name stands for another message, for one that was undone, or is one of ystar's own
 */
export function isReplayed(history: CampaignHistory, id: string, message: JsonValue): boolean {
  if (ownName.test(id) || id.trim() === "") {
    throw new InputError(`A message cannot be named "${id}".`, {
      expected: "a name of the client's own; e and a number are used by the campaign",
      received: id,
    });
  }
  const known = history.events.find((event) => event.id === id);
  if (known === undefined) return false;
  const earlier = known.type === "told" || known.type === "noted" ? known.message : undefined;
  if (earlier === undefined || canonical(earlier) !== canonical(message)) {
    throw new InputError(`The message name "${id}" was used for another message.`, {
      received: id,
      hint: "Give every message a name of its own; a message is sent again under its name only unchanged.",
    });
  }
  if (history.voided.has(id)) {
    throw new InputError(`The message "${id}" was recorded and undone.`, {
      received: id,
      hint: `Tell it under another name, or undo the undo.`,
    });
  }
  return true;
}

/** JSON with sorted keys: the order in which values were given does not count. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const record = value as Readonly<Record<string, JsonValue>>;
  const entries = Object.keys(record)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(record[key]!)}`);
  return `{${entries.join(",")}}`;
}
