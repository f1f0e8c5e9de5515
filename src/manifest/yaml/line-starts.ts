/** The starts of the lines of a text, computed when a place is first shown. */
export class LineStarts {
  private starts: readonly number[] | null = null;

  constructor(private readonly text: string) {}

  /** The line and column of an offset, counted from 1. */
  linePos(offset: number): { line: number; col: number } {
    this.starts ??= startsOf(this.text);
    let [low, high] = [0, this.starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, col: offset - (this.starts[low] ?? 0) + 1 };
  }
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
