/** The suffix of an instance's variables: `_ACME_DEV` for `acme-dev`. */
export function variableSuffix(name: string): string {
  return `_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The name of an instance as it is compared, from a name or an address: `acme` from `https://Acme.domo.com/`. */
export function instanceName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^https:\/\//u, '')
    .replace(/\/+$/u, '')
    .replace(/\.domo\.com$/u, '');
}
