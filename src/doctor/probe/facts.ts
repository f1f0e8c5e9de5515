/** A property of an instance that a probe determines. */
interface FactDefinition {
  /** The text in reports. */
  title: string;
  /** The documented values, see docs/reference/domo-api.md, *What a probe compares*. */
  documented: readonly string[];
  /** Does it need throwaway roles? */
  writes: boolean;
}

const read = (title: string, ...documented: string[]): FactDefinition => ({
  title,
  documented,
  writes: false,
});
const written = (title: string, ...documented: string[]): FactDefinition => ({
  title,
  documented,
  writes: true,
});

/** Every fact, in the order of reports. */
export const FACTS = {
  settings: read('role settings can be read', 'yes', '404', '405'),
  'user-page': read('largest page of user search', 'as asked'),
  ids: read('ids are numbers or text', 'numbers'),
  attributes: read('attributes are values or text', 'values'),
  'authority-count': read('authorityCount against the grants of a role', 'equal', 'one higher'),
  'member-totals': read('the people of a role come with their total', 'yes'),
  matrix: read('catalogue against the lists of roles', 'equal'),
  'catalogue-fields': read('fields of the catalogue', 'all', 'older'),
  'create-without-source': written('create without fromRoleId', 'made'),
  'start-without-source': written('a role made without fromRoleId starts', 'as Social'),
  'start-with-source': written('a role made with fromRoleId starts', 'as that role'),
  rename: written('a rename is answered', '200', '400 but done'),
  'grants-methods': written('grants are replaced by', 'PUT and PATCH', 'PUT', 'PATCH'),
  'grants-answer': written('new grants are answered', '200', '400 but done'),
  'implied-grants': written('dependencies of written grants', 'not added'),
  'name-case': written('names that differ in case', 'allowed'),
  'write-seen': written('a write is seen', 'at once', '1 s', '5 s'),
  delete: written('a delete is answered', '204', '204 with a body', '400 but done'),
} as const satisfies Record<string, FactDefinition>;

/** Id of a fact. New versions may add ids. */
export type FactId = keyof typeof FACTS;

/** Every id, in the order of reports. */
export const FACT_IDS = Object.keys(FACTS) as FactId[];

/** The value of a fact; null with the reason if it is unknown. */
export type Finding = { value: string | number } | { value: null; reason: string };

/** Findings by fact. */
export type Findings = Partial<Record<FactId, Finding>>;

/** A finding without a value. */
export function unknown(reason: string): Finding {
  return { value: null, reason };
}

/** The answer to a write, and whether it was done. */
export function answerFinding({ status, done }: { status: number; done: boolean }): Finding {
  if (status < 300) return { value: String(status) };
  return { value: done ? `${status} but done` : 'refused' };
}
