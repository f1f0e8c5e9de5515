// Loads TypeScript without a build.
import 'tsx/esm';
import { register } from 'node:module';

// See `load` in resolve.mjs.
globalThis.loadedOnDemand = {};
register('./resolve.mjs', import.meta.url);
