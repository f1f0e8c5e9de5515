import { describe, expect, it } from '@jest/globals';
import {
  connect,
  exportInstance,
  exportTable,
  getLive,
  mergeFleet,
  openRuntime,
  parseAllow,
  readManifest,
  selectEntries,
} from '../../src/index.js';
import { applyWorld } from '../support/apply-world.js';

const runtime = openRuntime();
const instance = { kind: 'instance', instance: 'acme', baseUrl: 'https://acme.domo.com' };
const secret = { accessToken: 'secret-token' };
const open = (target: object, options: object = { purpose: 'read' }): Promise<unknown> =>
  connect(target as never, options as never, runtime);

/** What a compiler would reject, the work, and the start of the error. */
const CASES: readonly (readonly [string, () => unknown, string])[] = [
  [
    'a text as the paths of a manifest',
    () => readManifest('a.yaml' as never, '/'),
    'paths must be a list of texts',
  ],
  ['no working directory', () => readManifest(['a.yaml'], undefined as never), 'cwd must be a text'],
  [
    'no kind of target',
    () => open({ instance: 'acme', secret }),
    'target.kind must be "instance" or "sandbox"',
  ],
  ['no address', () => open({ ...instance, baseUrl: undefined, secret }), 'target.baseUrl must be a text'],
  ['no secret', () => open(instance), 'target.secret must hold accessToken, or username and password'],
  [
    'a misspelled secret',
    () => open({ ...instance, secret: { accesToken: 'secret-token' } }),
    'target.secret must hold accessToken, or username and password',
  ],
  ['no folder of a sandbox', () => open({ kind: 'sandbox' }), 'target.folder must be a text'],
  ['no purpose', () => open({ ...instance, secret }, {}), 'purpose must be "read" or "write"'],
  ['a misspelled purpose', () => open({ ...instance, secret }, { purpose: 'reed' }), 'purpose must be'],
  [
    'a subject that does not exist',
    () => getLive('rolez' as never, applyWorld()),
    'there is no subject "rolez"',
  ],
  [
    'a table that does not exist',
    () => exportTable('peeple' as never, {} as never),
    'table must be "people" or',
  ],
  [
    'a text as roles',
    () => exportInstance({} as never, { only: 'Admin' as never }),
    'only must be a list of texts',
  ],
  [
    'a text as parts',
    () => exportInstance({} as never, { without: 'members' as never }),
    'without must be a list',
  ],
  ['a text as guards', () => parseAllow('escalation' as never), 'allow must be a list of texts'],
  ['a text as folders', () => mergeFleet({ folders: 'a' } as never), 'folders must be a list of texts'],
  [
    'a text as waves',
    () => selectEntries([], { wave: 'canary' as never }, { waves: [] }),
    'wave must be a list',
  ],
];

describe('a caller without a compiler', () => {
  it.each(CASES)('gets a usage error for %s', async (_what, work, message) => {
    const error = await Promise.resolve()
      .then(work)
      .then(
        () => null,
        (thrown: unknown) => thrown,
      );
    expect(error).toMatchObject({ problems: [{ code: 'usage' }] });
    expect(String(error)).toContain(message);
    expect(JSON.stringify(error)).not.toContain('secret-token');
  });
});
