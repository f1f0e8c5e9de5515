// Versions: MAJOR.MINOR.PATCH, without a suffix.

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/u;

/** The three numbers of a version. */
function numbersOf(version) {
  const found = VERSION.exec(version ?? '');
  if (!found) throw new Error(`"${version ?? ''}" is not a version: use MAJOR.MINOR.PATCH`);
  return found.slice(1).map(Number);
}

/** The tag of the newest release of the same major version, which workflows name. */
export function movingTag(version) {
  return `v${numbersOf(version)[0]}`;
}

/** Refuses a version that does not follow the current one. */
export function checkFollows(next, present) {
  const [a, b] = [numbersOf(next), numbersOf(present)];
  const at = a.findIndex((number, index) => number !== b[index]);
  if (at < 0 || a[at] < b[at]) throw new Error(`${next} does not follow the present version ${present}`);
}
