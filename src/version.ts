/** Version of this program. Made of package.json by scripts/build-version.mjs. */
export const VERSION = '0.1.0';
