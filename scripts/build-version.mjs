// Writes src/version.ts, so that the version is set only in package.json.
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const text = `/** Version of this program. Made of package.json by scripts/build-version.mjs. */\nexport const VERSION = '${version}';\n`;
if (readFileSync('src/version.ts', 'utf8') !== text) writeFileSync('src/version.ts', text);
