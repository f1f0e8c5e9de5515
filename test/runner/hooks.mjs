// TypeScript is read as it stands.
import 'tsx/esm';
import { register } from 'node:module';

register('./resolve.mjs', import.meta.url);
