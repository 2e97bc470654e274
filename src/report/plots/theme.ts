/** Colours and type that every plot takes from the page (or the web app) it stands in. */
export interface PlotTheme {
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly surface: string;
  /** What the plot is drawn on. */
  readonly page: string;
  /** Candidates. */
  readonly accent: string;
  /** The candidate under the pointer or pinned. */
  readonly highlight: string;
  /** Candidates that break a constraint. */
  readonly warn: string;
  /** Measured alloys in the background. */
  readonly quiet: string;
  readonly font: string;
}
