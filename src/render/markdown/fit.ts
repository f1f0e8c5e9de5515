/** A piece of a comment that is shown in full, in short or not at all. */
export interface MarkdownUnit {
  /** Heading that it stands under. */
  group: string;
  /** The greater, the longer it is kept. */
  importance: number;
  full: string;
  short: string;
  /** What is counted when it is left out, and how many of these it holds. */
  noun: readonly [string, string];
  count: number;
}
