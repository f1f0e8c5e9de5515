/** Version of this program. Generated from package.json by scripts/build-version.mjs. */
export const VERSION = '0.1.0';
