import { plainPlace, type Place } from './yaml-values.js';

/** A text with its line starts and its file name in places. */
export interface CountedText {
  file: string;
  lines: { linePos(offset: number): { line: number; col: number } };
}

/**
 * A place stored as offsets. Most places are never shown, so lines and columns are computed on access. `plainPlace` makes
 * a plain object of it.
 */
export class OffsetPlace implements Place {
  constructor(
    private readonly text: CountedText,
    private readonly from: number,
    private readonly to: number,
  ) {}

  get file(): string {
    return this.text.file;
  }

  get line(): number {
    return Math.max(1, this.text.lines.linePos(this.from).line);
  }

  get column(): number {
    return Math.max(1, this.text.lines.linePos(this.from).col);
  }

  get endLine(): number {
    return Math.max(1, this.end().line);
  }

  get endColumn(): number {
    return Math.max(1, this.end().col);
  }

  toJSON(): Place {
    return plainPlace(this);
  }

  private end(): { line: number; col: number } {
    return this.text.lines.linePos(Math.max(this.from, this.to));
  }
}
