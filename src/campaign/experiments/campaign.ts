import { InputError, StoreError } from "../../core/errors.ts";
import type { Work } from "../../core/work.ts";
import { decideAsking, type AskRequest } from "./actions/ask.ts";
import {
  decideEdit,
  decideNote,
  decideResume,
  decideStop,
  decideUndo,
} from "./actions/change-campaign.ts";
import type { Decision } from "./actions/decision.ts";
import { readAssumed, withAssumed } from "./actions/assumed-values.ts";
import type { GivenValue } from "./actions/read-values.ts";
import { decideTelling } from "./actions/tell.ts";
import type { Telling } from "./actions/telling.ts";
import { openProblem, type CampaignProblem, type OpenProblem } from "./campaign-problem.ts";
import type { PlanExperiments } from "./contract.ts";
import type { EventLog } from "./history/event-log.ts";
import type { AskedEvent, CampaignEvent, EventDraft, Stamp } from "./history/events.ts";
import { advance, replay } from "./history/replay.ts";
import type { CampaignState } from "./history/state.ts";

/** What a campaign does not have of its own. */
export interface CampaignTools {
  readonly plan: PlanExperiments;
  /** Who acts, and what the clock says. */
  readonly stamp: () => Stamp;
  readonly versions: Readonly<Record<string, string>>;
}

/** What an action recorded, and what the user should know of it. */
export interface Recorded {
  readonly events: readonly CampaignEvent[];
  readonly notices: readonly string[];
  /** After it. */
  readonly state: CampaignState;
}

/** Times that an action decides anew because others came in between, before it gives up. */
const mostAttempts = 1000;

/**
 * A closed loop with its whole history: ask for designs to make, tell what became of them. Every action reads the
 * log, decides on what it finds and appends; when another process was faster, it decides again.
 */
export class Campaign {
  private readonly log: EventLog;
  private readonly tools: CampaignTools;
  private opened: OpenProblem | undefined;
  /** As read last: events are never changed, so that only later ones have to be read. */
  private latest: CampaignState | undefined;

  constructor(log: EventLog, tools: CampaignTools) {
    this.log = log;
    this.tools = tools;
  }

  /** What the events amount to at this moment. */
  state(): CampaignState {
    const { latest } = this;
    if (latest === undefined) return (this.latest = replay(this.log.read()));
    const { events } = latest.history;
    const further = this.log.read(events.length);
    if (further.length > 0) {
      const isUndoing = further.some(({ type }) => type === "undone");
      this.latest = isUndoing ? replay([...events, ...further]) : advance(latest, further);
    }
    return this.latest!;
  }

  /** The problem that holds now, with its space. */
  problem(): Promise<OpenProblem> {
    return this.open(this.state().problem);
  }

  /**
   * Suggests the next batch and records it.
   * @throws InputError when the campaign was stopped, InfeasibleError when no design is left
   */
  async ask(options: AskRequest, work?: Work): Promise<Recorded & { readonly round: AskedEvent }> {
    const { plan, versions } = this.tools;
    const recorded = await this.act((state, problem) =>
      decideAsking(state, problem, options, {
        plan,
        versions,
        stamp: this.tools.stamp(),
        ...(work === undefined ? {} : { work }),
      }),
    );
    return { ...recorded, round: recorded.events[0] as CampaignEvent & AskedEvent };
  }

  /**
   * Records what became of designs: all messages or none.
   * @throws InputError for a message that cannot be used, see `decideTelling`
   */
  tell(tellings: readonly Telling[]): Promise<Recorded> {
    return this.act((state, problem) =>
      decideTelling(state, problem, tellings, this.tools.stamp()),
    );
  }

  /** Takes an entry back, the last one without a name; it stays in the history. */
  undo(event?: string, reason: string | null = null): Promise<Recorded> {
    return this.act((state) => decideUndo(state, event, reason, this.tools.stamp()));
  }

  /**
   * Lets another problem hold from here on.
   * @param assumed what the designs made so far had of parameters that are new, by name
   */
  async edit(
    problem: CampaignProblem,
    assumed: Readonly<Record<string, GivenValue>> = {},
  ): Promise<Recorded> {
    const values = readAssumed(problem, assumed);
    return this.act(async (state) => {
      const next = withAssumed(problem, state.problem, values);
      return decideEdit(state, await openProblem(next), this.tools.stamp());
    });
  }

  note(about: string | null, text: string): Promise<Recorded> {
    return this.act((state) => decideNote(state, about, text, this.tools.stamp()));
  }

  stop(reason: string | null = null): Promise<Recorded> {
    return this.act((state) => decideStop(state, reason, this.tools.stamp()));
  }

  resume(): Promise<Recorded> {
    return this.act((state) => decideResume(state, this.tools.stamp()));
  }

  private async act(
    decide: (state: CampaignState, problem: OpenProblem) => Decision | Promise<Decision>,
  ): Promise<Recorded> {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const state = this.state();
      const known = state.history.events.length;
      const { drafts, notices, besides } = await decide(state, await this.open(state.problem));
      if (drafts.length === 0) return { events: [], notices, state };
      const events = this.log.append(drafts, known, besides);
      if (events !== null) return { events, notices, state: this.state() };
    }
    throw new StoreError("The campaign is changed by others without a pause.", {
      hint: "Try again when the other programs are done.",
    });
  }

  private async open(problem: CampaignProblem): Promise<OpenProblem> {
    if (JSON.stringify(this.opened?.problem) !== JSON.stringify(problem)) {
      this.opened = await openProblem(problem);
    }
    return this.opened!;
  }
}

/**
 * The first event of a campaign.
 * @throws InputError for a name that cannot be one
 */
export function creation(
  name: string,
  seed: number,
  problem: CampaignProblem,
  tools: Pick<CampaignTools, "stamp" | "versions">,
): EventDraft {
  if (!/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,79}$/u.test(name)) {
    throw new InputError(`A campaign cannot be named "${name}".`, {
      expected: "1 to 80 letters, digits, blanks, points, dashes; a letter or digit first",
      received: name,
    });
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(`A campaign's seed is a whole number from 0 on, not ${seed}.`);
  }
  return { type: "created", name, seed, problem, versions: tools.versions, ...tools.stamp() };
}
