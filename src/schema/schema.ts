/** What a compiled checker reports of one broken rule. */
export interface RawIssue {
  keyword: string;
  /** JSON pointer to the value. */
  instancePath: string;
  /** JSON pointer into the schema, with a number sign before it. */
  schemaPath: string;
  params: Readonly<Record<string, unknown>>;
  message?: string;
  /** The key that is wrong, where keys have rules. */
  propertyName?: string;
}

/** A way in which a value does not fit its schema. */
export interface SchemaIssue {
  /** JSON pointer to the value that is wrong (for a missing or unknown key, the object around it). */
  path: string;
  /** The schema's keyword that was broken: `type`, `required`, `additionalProperties`, … */
  keyword: string;
  params: Readonly<Record<string, unknown>>;
  /** The checker's own message; for people who write schemas. */
  message: string;
  /** The wrong key; null if a value is wrong instead. */
  key: string | null;
}

/** An issue as a sentence without its full stop. `whole` names the document itself: `the document`. */
export function issueText({ path, message }: SchemaIssue, whole: string): string {
  return `${path === '' ? whole : path} ${message}`;
}

/** The keys of a JSON pointer. */
export function pointerKeys(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Words that only frame the issues beneath them. */
const FRAMES = new Set(['if', 'propertyNames', 'allOf']);

/**
 * The issues to report. Of a choice (`anyOf`, `oneOf`) only the branch that was meant: if any branch
 * got as far as a rule other than the value's type, the issues of type at that place are noise, and so is
 * the choice itself; otherwise only the choice is reported.
 */
export function reduceIssues(raw: readonly RawIssue[]): SchemaIssue[] {
  const choices = new Map<string, string>();
  for (const issue of raw) {
    if (issue.keyword === 'anyOf' || issue.keyword === 'oneOf')
      choices.set(issue.instancePath, issue.schemaPath);
  }
  const meant = new Set<string>();
  for (const issue of raw) {
    if (FRAMES.has(issue.keyword)) continue;
    if (!isChoosing(issue.keyword)) meant.add(issue.instancePath);
    for (const place of placesAbove(issue.instancePath)) meant.add(place);
  }
  const kept = raw.filter((issue) => {
    if (FRAMES.has(issue.keyword)) return false;
    if (!choices.has(issue.instancePath) || !isChoosing(issue.keyword)) return true;
    const isChoice = choices.get(issue.instancePath) === issue.schemaPath;
    return isChoice && !meant.has(issue.instancePath);
  });
  return withoutRepeats(kept.map(toIssue));
}

/** The JSON pointers above one, the whole document included. */
function placesAbove(pointer: string): string[] {
  const places: string[] = [];
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    places.push(pointer.slice(0, end));
    if (end === 0) break;
  }
  return places;
}

function isChoosing(keyword: string): boolean {
  return ['type', 'enum', 'const', 'anyOf', 'oneOf'].includes(keyword);
}

function toIssue(raw: RawIssue): SchemaIssue {
  return {
    path: raw.instancePath,
    keyword: raw.keyword,
    params: raw.params,
    message: raw.message ?? raw.keyword,
    key: raw.propertyName ?? null,
  };
}

function withoutRepeats(issues: readonly SchemaIssue[]): SchemaIssue[] {
  const seen = new Set<string>();
  return issues.filter((issue) => {
    const key = JSON.stringify([issue.path, issue.key, issue.keyword, issue.params]);
    return !seen.has(key) && seen.add(key);
  });
}
