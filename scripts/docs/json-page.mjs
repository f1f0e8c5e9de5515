import { code, readSchemas, table } from './sources.mjs';

/** The documents that scripts read, from their schemas. */
export function jsonPage() {
  const documents = readSchemas().filter(({ name }) => name !== 'manifest');
  return `
# JSON documents

\`--format json\` puts exactly one of these documents on stdout, errors included. Each has \`formatVersion\` and
\`kind\`. The schemas lie in \`schemas/\`, are part of the package, and are printed by \`domo-roles schema NAME\`.
An invalid manifest prints \`validation\`, a refused plan prints the \`plan\`, a refused apply an \`error\` with
\`refusals\`.

${documents.map(section).join('\n\n')}
`;
}

function section({ name, file, schema }) {
  const root = deref(schema, schema);
  const shapes = (root.oneOf ?? root.anyOf ?? [root]).map((shape) => deref(shape, schema));
  const rows = new Map();
  for (const shape of shapes) {
    for (const [key, part] of Object.entries(shape.properties ?? {})) {
      const one = deref(part, schema);
      const needed = shapes.every((each) => (each.required ?? []).includes(key));
      const before = rows.get(key);
      const types = [...new Set([...(before?.[1].split(', ') ?? []), typeOf(one)])].join(', ');
      rows.set(key, [code(key), types, needed ? 'yes' : 'no', before?.[3] || words(part, one)]);
    }
  }
  return `## ${name}\n\n${schema.description ?? schema.title ?? ''}\n\nSchema: \`schemas/${file}\`.\n\n${table(
    ['key', 'type', 'always', 'what it is'],
    [...rows.values()],
  )}`;
}

function deref(part, schema) {
  if (typeof part === 'boolean') return {};
  if (typeof part?.$ref !== 'string' || !part.$ref.startsWith('#/')) return part ?? {};
  const path = part.$ref.slice(2).split('/');
  return deref(
    path.reduce((found, key) => found?.[key], schema),
    schema,
  );
}

function words(part, one) {
  return part.description ?? one.description ?? part.title ?? one.title ?? '';
}

function typeOf(one) {
  if ('const' in one) return code(JSON.stringify(one.const));
  if (one.enum) return one.enum.map((value) => code(JSON.stringify(value))).join(', ');
  if (Array.isArray(one.type)) return one.type.join(' or ');
  if (one.type) return one.type;
  const several = one.anyOf ?? one.oneOf;
  return several
    ? [...new Set(several.map((each) => (each.$ref ? 'object' : typeOf(each))))].join(' or ')
    : 'any';
}
