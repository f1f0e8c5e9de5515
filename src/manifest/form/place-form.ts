/**
 * The form of a place in a manifest, which the tables of expected values have as a key: `*` stands for a name that the
 * manifest chooses, and `#` for the index of a list.
 */
export function placeForm(keys: readonly (string | number)[]): string {
  return keys
    .map((key, index) => {
      if (typeof key === 'number') return '/#';
      return isName(keys, index) ? '/*' : `/${key}`;
    })
    .join('');
}

/** The same for a policy file. In `policy`, the places are those of a manifest. */
export function policyPlaceForm(keys: readonly (string | number)[]): string {
  const form = placeForm(keys);
  return keys[0] === 'policy' ? form : `Policy${form}`;
}

/** The same for an inventory. Within an overlay, the places are those of a manifest. */
export function inventoryPlaceForm(keys: readonly (string | number)[]): string {
  if (keys[0] === 'instances' && keys[2] === 'overlay' && keys.length > 3) return placeForm(keys.slice(3));
  const parts = keys.map((key, index) => {
    if (typeof key === 'number') return '/#';
    const isName = keys[0] === 'instances' && (index === 1 || (index === 3 && keys[2] === 'labels'));
    return isName ? '/*' : `/${key}`;
  });
  return `Fleet${parts.join('')}`;
}

/** Is the key at this index a name that the manifest chooses? */
function isName(keys: readonly (string | number)[], index: number): boolean {
  if (index === 1) return keys[0] === 'roles' || keys[0] === 'grantSets';
  return index === 2 && keys[0] === 'policy' && keys[1] === 'rules';
}
