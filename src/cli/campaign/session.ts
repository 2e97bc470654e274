import { accessSync, constants, existsSync } from "node:fs";
import { userInfo } from "node:os";
import { Command, Option } from "commander";
import { Campaign, type CampaignTools } from "../../campaign/experiments/campaign.ts";
import { planExperiments } from "../../campaign/experiments/planning/plan-experiments.ts";
import type { CampaignState } from "../../campaign/experiments/history/state.ts";
import type { OpenProblem } from "../../campaign/experiments/campaign-problem.ts";
import { openCampaignStore, type CampaignStore } from "../../store/campaign-store.ts";
import { jsonOption } from "../options.ts";
import { print } from "../output.ts";
import { version } from "../version.ts";

/** Options that every command on campaigns takes. */
export interface CampaignOptions {
  readonly db: string;
  readonly name?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** A command on one campaign of a database. */
export const campaignSubcommand = (name: string): Command =>
  new Command(name)
    .addOption(databaseOption())
    .option("--name <campaign>", "which campaign; not needed where the database holds one")
    .option("--by <person>", "who does it; the user of this computer when absent")
    .addOption(jsonOption());

export const databaseOption = (): Option =>
  new Option("--db <file>", "database of campaigns").default("ystar.db");

/** What a campaign needs from this computer: the clock, the user, the versions. */
export function campaignTools({ by }: Pick<CampaignOptions, "by">): CampaignTools {
  const person = by ?? userName();
  return {
    plan: planExperiments,
    versions: { ystar: version, node: process.versions.node },
    stamp: () => ({ at: new Date().toISOString(), by: person }),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "unknown";
  }
}

/** Opens a database for one piece of work. */
export async function withStore<T>(
  path: string,
  options: { readonly create?: boolean; readonly readOnly?: boolean },
  work: (store: CampaignStore) => T | Promise<T>,
): Promise<T> {
  const store = openCampaignStore(path, options);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** Opens the campaign that the options name for one piece of work. */
export function withCampaign<T>(
  options: CampaignOptions,
  work: (campaign: Campaign) => Promise<T>,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<T> {
  return withStore(options.db, { readOnly }, (store) =>
    work(new Campaign(store.open(options.name), campaignTools(options))),
  );
}

/** A campaign's state with its problem, for reading. */
export async function readCampaign(
  options: CampaignOptions,
): Promise<{ readonly state: CampaignState; readonly problem: OpenProblem }> {
  return withCampaign(
    options,
    async (campaign) => ({ state: campaign.state(), problem: await campaign.problem() }),
    { readOnly: !isWritable(options.db) },
  );
}

/** Looking needs no more than reading: an archived database may be write-protected. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return !existsSync(path);
  }
}

/** Notices for people, each on its line; with `--json` they are part of the document. */
export function printNotices(notices: readonly string[]): void {
  if (notices.length > 0) print(`\n${notices.map((text) => `Note: ${text}`).join("\n")}`);
}
