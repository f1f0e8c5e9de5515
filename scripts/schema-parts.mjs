import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

/** The definitions that a schema refers to, in the order of the manifest. */
export function definitionsFor(schema, all) {
  const needed = new Set();
  const visit = (node) => {
    for (const [, name] of JSON.stringify(node).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/gu)) {
      if (needed.has(name) || !Object.hasOwn(all, name)) continue;
      needed.add(name);
      visit(all[name]);
    }
  };
  visit(schema);
  return Object.fromEntries(Object.entries(all).filter(([name]) => needed.has(name)));
}

/** Writes a schema in the format of the repository, if it differs. */
export async function writeSchema(path, schema) {
  const text = await format(JSON.stringify(schema), { ...(await resolveConfig(path)), parser: 'json' });
  if (readOrNull(path) !== text) writeFileSync(path, text);
}

function readOrNull(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
