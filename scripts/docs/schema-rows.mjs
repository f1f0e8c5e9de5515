import { code } from './sources.mjs';

/** A table row for each key of a part of a schema: its description, whether it is required, and an example. */
export function rowsOf(part, schema) {
  const needed = new Set(part.required ?? []);
  return Object.entries(part.properties).map(([key, each]) =>
    row(key, each, { isNeeded: needed.has(key), schema }),
  );
}

function row(key, part, { isNeeded, schema }) {
  const target = part.$ref ? deref(part.$ref, schema) : {};
  const text = [
    part.title ?? target.title,
    part.markdownDescription ?? part.description ?? target.description,
  ]
    .filter(Boolean)
    .map((each) => each.replace(/\.$/u, ''))
    .join('. ');
  const value = part.default ?? target.default;
  const notes = [
    isNeeded ? 'Always needed.' : '',
    value === undefined ? '' : `Default: ${code(JSON.stringify(value))}.`,
  ];
  const fixed = part.const === undefined ? undefined : [part.const];
  const examples = fixed ?? part.examples ?? target.examples ?? part.enum ?? target.enum ?? [];
  const said =
    key === 'policy' ? 'See [below](#policy).' : `${text}. ${notes.filter(Boolean).join(' ')}`.trim();
  return [code(key), said, examples.map((each) => code(inline(each))).join('<br>')];
}

function deref(ref, schema) {
  return ref
    .slice(2)
    .split('/')
    .reduce((found, key) => found[key], schema);
}

/** A value as YAML on one line. */
function inline(value) {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const pairs = Object.entries(value).map(([key, each]) => `${key}: ${inline(each)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  return typeof value === 'string' && /^[\w.][\w @./-]*$/u.test(value) ? value : JSON.stringify(value);
}
