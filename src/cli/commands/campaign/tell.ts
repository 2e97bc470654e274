import { Option } from "commander";
import type { Campaign, Recorded } from "../../../campaign/experiments/campaign.ts";
import { describeEvent } from "../../../campaign/experiments/history/describe-event.ts";
import type { ToldStatus } from "../../../campaign/experiments/history/events.ts";
import type { Telling } from "../../../campaign/experiments/actions/telling.ts";
import { readBatchSheet } from "../../../campaign/experiments/sheet/read-batch-sheet.ts";
import { InputError } from "../../../core/errors.ts";
import { countOf } from "../../../core/format.ts";
import { readSheet } from "../../../store/batch-sheet-file.ts";
import {
  campaignSubcommand,
  printNotices,
  withCampaign,
  type CampaignOptions,
} from "../../campaign/session.ts";
import { print, printJson } from "../../output.ts";

interface TellOptions extends CampaignOptions {
  readonly file?: string;
  readonly status?: ToldStatus;
  readonly note?: string;
  readonly replicate?: boolean;
  readonly correct?: boolean;
  readonly id?: string;
}

/** `ystar campaign tell`: what became of designs. */
export const tellCommand = () =>
  campaignSubcommand("tell")
    .description("Record what became of a design, or a filled sheet of them")
    .argument("[design]", "candidate such as r1-2; without it, give all parameters of your design")
    .argument("[values...]", 'name=value, such as strength=520 or "temperature=850 K"')
    .option("--file <sheet>", "read a filled sheet (.csv or .xlsx)")
    .addOption(
      new Option("--status <status>", "what became of it").choices([
        "running",
        "completed",
        "failed",
        "infeasible",
        "abandoned",
      ]),
    )
    .option("--note <text>", "a note; without a design, about the campaign")
    .option("--replicate", "another measurement of the same design")
    .option("--correct", "these values stand instead of those told before")
    .option("--id <message>", "name of the message: the same one sent again is recorded once")
    .addHelpText(
      "after",
      `
Outcomes may have a unit and an uncertainty: "strength=0.52 GPa", "strength=520 ± 8". Parameters are told where
they differ from what was suggested. failed: nothing was learned, it may be tried again; infeasible: it cannot be
made, which is learned from; abandoned: never to be suggested again.

Example:
  $ ystar campaign tell r1-2 strength=520 "temperature=855 degC" --note "oven ran hot"
  $ ystar campaign tell r1-3 --status failed
  $ ystar campaign tell --file week-12.xlsx`,
    )
    .action(async (design: string | undefined, values: string[], options: TellOptions) => {
      await withCampaign(options, async (campaign) => {
        const { recorded, empty } = await tell(campaign, design, values, options);
        const { events, notices, state } = recorded;
        if (options.json) {
          printJson({ campaign: state.name, recorded: events, notices, rowsWithoutResult: empty });
          return;
        }
        print(
          events.length === 0
            ? "Nothing new was recorded."
            : `Recorded ${countOf(events.length, "entry", "entries")}:\n${events.map((event) => `  ${event.id}  ${describeEvent(event)}`).join("\n")}`,
        );
        if (empty > 0) print(`${countOf(empty, "row")} without a result yet.`);
        printNotices(notices);
      });
    });

async function tell(
  campaign: Campaign,
  design: string | undefined,
  values: readonly string[],
  options: TellOptions,
): Promise<{ readonly recorded: Recorded; readonly empty: number }> {
  const { file, status, note, replicate, correct, id } = options;
  if (file !== undefined) return tellFile(campaign, file, design, options);
  const isDesign = design !== undefined && !design.includes("=");
  const texts = design === undefined || isDesign ? values : [design, ...values];
  if (!isDesign && texts.length === 0 && note !== undefined && status === undefined) {
    return { recorded: await campaign.note(null, note), empty: 0 };
  }
  const telling: Telling = {
    ...(isDesign ? { target: design } : {}),
    values: namedValues(texts),
    ...(status === undefined ? {} : { status }),
    ...(note === undefined ? {} : { note }),
    ...(replicate === undefined ? {} : { replicate }),
    ...(correct === undefined ? {} : { correct }),
    ...(id === undefined ? {} : { id }),
  };
  return { recorded: await campaign.tell([telling]), empty: 0 };
}

async function tellFile(
  campaign: Campaign,
  file: string,
  design: string | undefined,
  { status, note, replicate, correct, id }: TellOptions,
): Promise<{ readonly recorded: Recorded; readonly empty: number }> {
  if ([design, status, note, id].some((one) => one !== undefined)) {
    throw new InputError("A sheet holds designs, statuses and notes itself.", {
      expected: "--file alone, with --replicate or --correct where needed",
    });
  }
  const { problem } = campaign.state();
  const { tellings, empty } = readBatchSheet(problem, await readSheet(file));
  const all = tellings.map((one) => ({
    ...one,
    ...(replicate === undefined ? {} : { replicate }),
    ...(correct === undefined ? {} : { correct }),
  }));
  try {
    return { recorded: await campaign.tell(all), empty };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${error.message} Nothing of the sheet was recorded.`, {
      ...error.details,
      file,
      cause: error,
    });
  }
}

/** `name=value` texts as a record. */
function namedValues(texts: readonly string[]): Record<string, string> {
  const values: Record<string, string> = {};
  for (const text of texts) {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(0, at)).trim();
    if (name === "") {
      throw new InputError(`"${text}" is no value.`, {
        expected: 'name=value, such as strength=520 or "temperature=850 K"',
        received: text,
        hint: "Put quotes around a value with a blank in it.",
      });
    }
    if (Object.hasOwn(values, name)) {
      throw new InputError(`"${name}" is given twice.`, { path: name, received: text });
    }
    values[name] = text.slice(at + 1).trim();
  }
  return values;
}
