import { join } from 'node:path';

/** The built command. */
export const BIN = join(import.meta.dirname, '../../dist/bin/domo-roles.js');
