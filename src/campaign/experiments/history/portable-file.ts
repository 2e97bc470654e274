import { InputError } from "../../../core/errors.ts";
import { sha256 } from "../../../core/sha256.ts";
import { requireFreshIds } from "./event-log.ts";
import type { CampaignEvent } from "./events.ts";
import { replay } from "./replay.ts";

const format = "ystar-campaign";
/** Version of the layout of the file. */
export const portableVersion = 1;

interface PortableFile {
  readonly format: string;
  readonly version: number;
  /** SHA-256 of the events as compact JSON. */
  readonly checksum: string;
  readonly events: readonly CampaignEvent[];
}

/** A whole campaign, with its problem and its history, as one JSON document. */
export async function encodeCampaign(events: readonly CampaignEvent[]): Promise<string> {
  const file: PortableFile = {
    format,
    version: portableVersion,
    checksum: await checksumOf(events),
    events,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Reads what `encodeCampaign` has written.
 * @param source file name, for errors
 * @throws InputError for a file that was cut off or changed, is of another program or of a newer ystar, or whose
 *   events are no history
 */
export async function decodeCampaign(text: string, source: string): Promise<CampaignEvent[]> {
  const refuse = (message: string, details: object): InputError =>
    new InputError(message, { file: source, ...details });
  let parsed: Partial<PortableFile> | null;
  try {
    parsed = JSON.parse(text) as Partial<PortableFile> | null;
  } catch (cause) {
    throw refuse("The file is cut off or no campaign: it is not complete JSON.", {
      expected: "a file that ystar campaign export has written",
      received: `${text.length} characters`,
      hint: "Export the campaign again, or copy the file again.",
      cause,
    });
  }
  if (typeof parsed !== "object" || parsed?.format !== format) {
    throw refuse("The file is no campaign.", {
      expected: "a file that ystar campaign export has written",
    });
  }
  const { version, checksum, events } = parsed;
  if (typeof version !== "number" || version > portableVersion) {
    throw refuse("The campaign was exported by a newer ystar.", {
      expected: `version ${portableVersion} or older`,
      received: `version ${String(version)}`,
      hint: "Update ystar.",
    });
  }
  if (!Array.isArray(events) || (await checksumOf(events as CampaignEvent[])) !== checksum) {
    throw refuse("The campaign file was changed or damaged: its checksum does not fit.", {
      hint: "Export the campaign again. To change a campaign, tell it: ystar campaign tell, undo, edit.",
    });
  }
  requireHistory(events as CampaignEvent[], source);
  return events as CampaignEvent[];
}

function requireHistory(events: readonly CampaignEvent[], source: string): void {
  events.forEach(({ seq }, i) => {
    if (seq === i) return;
    throw new InputError("The campaign file lacks a part of its history.", {
      file: source,
      path: `events[${i}]`,
      expected: `entry ${i}`,
      received: `entry ${seq}`,
    });
  });
  requireFreshIds(events, []);
  replay(events);
}

const checksumOf = (events: readonly CampaignEvent[]): Promise<string> =>
  sha256(new TextEncoder().encode(JSON.stringify(events)) as Uint8Array<ArrayBuffer>);
