import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SCHEMA_NAMES } from '../../src/schema/index.js';
import { runWithin } from '../support/in-process.js';
import { manifest, stageForFile } from './support.js';

describe('an invalid command line', () => {
  const held = stageForFile();

  it.each([
    [['validate', '--catalogue'], '--catalogue requires a value'],
    [['validate', '--catalogue', ''], '--catalogue was given an empty value'],
    [['validate', ''], 'the path of a manifest is empty'],
    [['who-can', ''], 'the argument grant is empty'],
    [['can', '', 'dataset.export'], 'the argument user is empty'],
    [['rollback', ''], 'the argument run is empty'],
    [['get', 'role', ''], 'the argument name is empty'],
    [['plan', '--out='], '--out was given an empty value'],
    [['plan', '--instance', ''], '--instance was given an empty value'],
    [['plan', '--allow', ''], '--allow was given an empty value'],
    [['plan', '--report', ''], '--report was given an empty value'],
    [['get'], 'get requires 1 argument, but was given 0'],
    [['can', 'eva@acme.com'], 'can requires 2 arguments, but was given 1'],
    [['runs', 'nosuch'], 'runs does not accept the argument "nosuch"'],
    [['sandbox', 'foo'], 'unknown command "sandbox foo"'],
    [['sandbox', 'restart'], 'unknown command "sandbox restart"'],
    [['sandbox', 'show', '--sandbox', 'box'], 'unknown flag --sandbox'],
    [['plan', '--plan'], 'unknown flag --plan'],
    [['get', 'roles', '--roles'], 'unknown flag --roles'],
    [['fleet', 'plan', '--fleet=x'], 'unknown flag --fleet'],
    [['fleet', 'everything', 'now'], 'unknown command "fleet everything"'],
    [['sandbox', 'serve', 'serve'], 'sandbox serve does not accept the argument "serve"'],
    [['everything', 'now'], 'unknown command "everything"'],
    [['runs', 'one', 'two'], 'runs does not accept the arguments "one" and "two"'],
    [['fleet'], 'specify a fleet command'],
    [['fleet', 'plann'], 'unknown command "fleet plann"'],
    [['fleet', 'show'], 'fleet show requires 1 argument, but was given 0'],
    [['fleet', 'list', 'a.yaml', 'b.yaml'], 'fleet list does not accept the argument "b.yaml"'],
    [['plam'], 'unknown command "plam"'],
    [['plan', '--oot', 'x'], 'unknown flag --oot'],
    [['apply', '--yes', '--dry-run=yes'], '--dry-run does not accept a value, but was given "yes"'],
    [['apply', '--yes', '--dry-run=1'], '--dry-run does not accept a value, but was given "1"'],
    [['apply', '--yes', '--dry-run='], '--dry-run does not accept a value, but was given ""'],
    [['apply', '--yes', '--dryRun=True'], '--dryRun does not accept a value, but was given "True"'],
    [['apply', '--yes', '--dry-run', '--dry-run=false'], '--dry-run was given both as true and as false'],
    [['apply', '--yes', '--dry-run', '--dry-run', 'false'], '--dry-run was given both as true and as false'],
    [['apply', '-y=1'], '-y does not accept a value, but was given "1"'],
    [['apply', '-y1'], '-y does not accept a value, but was given "1"'],
    [['apply', '-y', '--yes=false'], '--yes was given both as true and as false'],
    [['apply', '--yes', '--dry-run.x=1'], 'unknown flag --dry-run.x'],
    [['plan', '--allow.x=1'], 'unknown flag --allow.x'],
    [['plan', '--impact-limit='], '--impact-limit was given an empty value'],
    [['plan', '--retries', ''], '--retries was given an empty value'],
    [['plan', '--retries', ' '], '--retries must be a whole number from 0 to 20'],
    [['drift', '--since', '0'], '--since must be a whole number of at least 1'],
    [['drift', '--since', '-1'], '--since must be a whole number of at least 1'],
    [['fleet', 'drift', '--since', '1.5'], '--since must be a whole number of at least 1'],
    [['drift', '--since', '0x1F'], '--since must be a whole number of at least 1'],
    [['plan', '--out', '--', 'x.yaml'], '--out requires a value'],
    [['runs', '--', 'nosuch'], 'runs does not accept the argument "nosuch"'],
    [['get', '--', 'membres'], 'get does not accept "membres"'],
    [['validate', '--', ''], 'the path of a manifest is empty'],
    [['plan', '--timeout', '0'], '--timeout must be a whole number from 1 to 3600'],
    [['plan', '--concurrency', '65'], '--concurrency must be a whole number from 1 to 64'],
    [['fleet', 'plan', '--at-once', '0'], '--at-once must be a whole number from 1 to 1000'],
    [['sandbox', 'serve', '--port', '65536'], '--port must be a whole number from 0 to 65535'],
    [['--', 'plam'], 'unknown command "plam"'],
    [['help', 'plam'], 'unknown command "plam"'],
    [['plam', '--help'], 'unknown command "plam"'],
    [['__proto__', '-h'], 'unknown command "__proto__"'],
    [['help', 'fleet', 'plam'], 'unknown command "fleet plam"'],
    [['fleet', 'help', 'plam'], 'unknown command "fleet plam"'],
    [['fleet', 'plam', '--help'], 'unknown command "fleet plam"'],
    [['fleet', '--help', 'plam'], 'unknown command "fleet plam"'],
    [['--help', 'plam'], 'unknown command "plam"'],
    [['help', 'sandbox', 'restart'], 'unknown command "sandbox restart"'],
  ])('%j names what is wrong', async (argv, message) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect(ended.code).toBe(1);
    expect(ended.stderr.split('\n')[0]).toBe(`usage  ${message}`);
    expect(ended.stderr).toContain('hint: ');
  });

  it.each([
    [['plan', '-out', 'plan.json'], 'unknown flag -out', 'did you mean --out?'],
    [['plan', '-out=plan.json'], 'unknown flag -out', 'did you mean --out?'],
    [['plan', '-detailed-exitcode'], 'unknown flag -detailed-exitcode', 'did you mean --detailed-exitcode?'],
    [['apply', '-auto-approve'], 'unknown flag -auto-approve', 'did you mean --yes?'],
    [['apply', '--auto-approve'], 'unknown flag --auto-approve', 'did you mean --yes?'],
    [['plan', '--json'], 'unknown flag --json', 'did you mean --format json?'],
    [['export', '-o', 'x.yaml'], 'unknown flag -o', 'did you mean --out or --format?'],
    [['get', 'roles', '--output', 'json'], 'unknown flag --output', 'did you mean --format?'],
    [
      ['apply', '-f', 'x.yaml'],
      'unknown flag -f',
      'a manifest is an argument, not a flag: domo-roles apply FILE',
    ],
    [['fleet', 'apply', '-f', 'x'], 'unknown flag -f', 'run `domo-roles fleet apply --help` for usage'],
    [['plan', '--target', 'x'], 'unknown flag --target', 'run `domo-roles plan --help` for usage'],
    [['drift', '--quiet'], 'unknown flag --quiet', 'run `domo-roles drift --help` for usage'],
    [['plan', '--fromat', 'json'], 'unknown flag --fromat', 'did you mean --format?'],
    [['-v'], 'unknown flag -v', 'did you mean --version?'],
    [['-y'], 'specify a command', 'run `domo-roles --help` for usage'],
    [['state', 'list', '--sandbox'], 'unknown command "state"', 'did you mean "get"?'],
    [['import', '--sandbox'], 'unknown command "import"', 'did you mean "export"?'],
    [['version'], 'unknown command "version"', 'did you mean "--version"?'],
    [['fmt'], 'unknown command "fmt"', 'did you mean "validate"?'],
    [['plam', '--sandbox'], 'unknown command "plam"', 'did you mean "plan"?'],
    [['--sandbox', 'x', 'plam'], 'unknown command "x"', 'run `domo-roles --help` for the commands'],
    [['fleet', 'status', '--sandbox'], 'unknown command "fleet status"', 'did you mean "fleet drift"?'],
    [['fleet', 'plann', '--oot'], 'unknown command "fleet plann"', 'did you mean "fleet plan"?'],
    [['destroy'], 'unknown command "destroy"', 'run `domo-roles --help` for the commands'],
  ])('%j is rejected with %j and the hint %j', async (argv, message, hint) => {
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect(ended.stderr).toBe(`usage  ${message}\n  hint: ${hint}\n\n1 error\n`);
    expect(ended.code).toBe(1);
  });

  it.each([
    [['apply', '--dry-run', '--wait-for-lock', '-1']],
    [['rollback', 'r1', '--wait-for-lock', '1.5']],
  ])('%j is rejected, although it waits for no lock', async (argv) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const ended = await runWithin([...argv, '--sandbox'], { cwd: held.stage.folder });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^usage {2}--wait-for-lock must be a whole number from 0 to 86400\n/u);
  });

  it.each([
    ['DOMO_ROLES_TIMEOUT', '0', 'must be a whole number from 1 to 3600'],
    ['DOMO_ROLES_RETRIES', 'many', 'must be a whole number from 0 to 20'],
    ['DOMO_ROLES_PAGE_SIZE', '2.5', 'must be a whole number from 1 to 100000'],
  ])('%s set to %j is rejected under its own name', async (variable, value, message) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const env = { [variable]: value };
    const ended = await runWithin(['plan', '--sandbox'], { cwd: held.stage.folder, env });
    const hint = 'correct the variable, or unset it to use the default';
    expect(ended.stderr).toBe(`usage  ${variable} ${message}\n  hint: ${hint}\n\n1 error\n`);
  });

  it.each([
    [['help'], ['--help']],
    [
      ['help', 'plan'],
      ['plan', '--help'],
    ],
    [
      ['help', 'fleet'],
      ['fleet', '--help'],
    ],
    [
      ['help', 'fleet', 'plan'],
      ['fleet', 'plan', '--help'],
    ],
    [
      ['fleet', 'help', 'plan'],
      ['fleet', 'plan', '--help'],
    ],
    [
      ['sandbox', 'help'],
      ['sandbox', '--help'],
    ],
  ])('%j shows the help of %j', async (argv, same) => {
    const within = { cwd: held.stage.folder };
    const [found, expected] = [await runWithin(argv, within), await runWithin(same, within)];
    expect(found).toEqual(expected);
    expect(found).toMatchObject({ code: 0, stderr: '' });
  });

  it.each([
    [['validate', '--', 'nosuch.yaml'], '"nosuch.yaml" does not exist'],
    [['validate', 'domo-roles.yaml', '--', 'nosuch.yaml'], '"nosuch.yaml" does not exist'],
    [['validate', '--', '--policy'], '"--policy" does not exist'],
    [['validate', '-'], '"-" does not exist'],
    [['validate', 'domo-roles.yaml', '-'], '"-" does not exist'],
    [['validate', '---'], '"---" does not exist'],
    [['report', '-'], '-  bad-file  there is no such file'],
    [['schema', '-'], 'schema does not accept "-"'],
    [['validate', '--catalogue', '-'], '-  bad-file  there is no such file'],
    [['validate', '--', '-'], '"-" does not exist'],
    [['validate', '--', 'false'], '"false" does not exist'],
    [['plan', '--sandbox', '--', 'nosuch.yaml'], '"nosuch.yaml" does not exist'],
  ])('%j ignores no argument that is no flag', async (argv, message) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect([ended.code, ended.stdout + ended.stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it.each([
    [['plan', '--out', '-']],
    [['plan', '--report', 'markdown=-']],
    [['export', '--out', '-']],
    [['doctor', '--probe', '--out', '-']],
  ])('%j writes no file that is called like stdout elsewhere', async (argv) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const ended = await held.stage.run(...argv);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('"-" is none')]);
    expect(await readdir(held.stage.folder)).not.toContain('-');
  });

  it.each([
    [['plan', '--out', 'new/'], '--out'],
    [['plan', '--report', 'markdown=new/'], '--report markdown'],
    [['drift', '--out', 'made/../new//'], '--out'],
    [['plan', '--out', 'new/.'], '--out'],
    [['plan', '--report', 'html=new/made/..'], '--report html'],
    [['export', '--out', 'new/'], '--out'],
    [['export', '--format', 'snapshot', '--force', '--out', './new/'], '--out'],
    [['doctor', '--probe', '--out', 'new/'], '--out'],
    [['fleet', 'plan', '--report', 'html=new/'], '--report html'],
  ])('%j writes no file in the place of a folder', async (argv, flag) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const ended = await held.stage.run(...argv);
    expect([ended.code, ended.stdout, held.stage.sandbox.log()]).toEqual([1, '', []]);
    expect(ended.stderr).toContain(`usage  ${flag} takes the path of a file, and `);
    expect(await readdir(held.stage.folder)).not.toContain('new');
  });

  it.each([[['export', '--split', '--out', 'new/']], [['init', '--folder', 'new/']]])(
    '%j takes a folder with a slash at its end',
    async (argv) => {
      expect(await held.stage.run(...argv)).toMatchObject({ code: 0 });
      expect(await readdir(join(held.stage.folder, 'new'))).not.toEqual([]);
    },
  );

  it.each([
    ['hook/secret', 'the webhook is not a URL'],
    ['http://hooks.example/secret', 'the webhook is neither https nor on this machine'],
    ['https://me:secret@hooks.example/', 'the webhook contains a user or password, which would not be sent'],
  ])('rejects the webhook %s before anything is read, without showing it', async (address, message) => {
    const ended = await runWithin(['drift', '--webhook', address], { cwd: held.stage.folder });
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain(`--webhook  usage  ${message}\n  hint: `);
    expect(ended.stderr).not.toContain('secret');
  });

  it('accepts true and false as values of a flag that takes none', async () => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const rehearsed = await held.stage.run('apply', '--dry-run=true', '--yes=false', '--verbose', 'false');
    expect([rehearsed.code, rehearsed.stdout]).toEqual([0, expect.stringContaining('Dry run')]);
  });

  it.each([
    [['get', 'membres'], 'did you mean "members"?'],
    [['plan', '--format', 'markdwn'], 'did you mean "markdown"?'],
    [['fleet', 'list', '--format', 'matrx'], 'did you mean "matrix"?'],
    [['completion', 'powershell'], 'valid values: bash, zsh, fish'],
    [['schema', 'manifests'], 'did you mean "manifest"?'],
    [['schema', 'constructor'], `valid values: ${SCHEMA_NAMES.join(', ')}`],
    [
      ['export', '--format', 'html', '--only', 'Editor'],
      'leave it out, or use --format yaml, csv or matrix-csv',
    ],
    [['fleet', 'apply', '--snapshots', 'x'], 'run `domo-roles fleet apply --help` for usage'],
  ])('%j suggests the intended value or lists the accepted ones', async (argv, hint) => {
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(`hint: ${hint}\n`)]);
  });

  it.each([
    [['report', 'x'], 'kind: Roles', 'use a JSON document that domo-roles wrote'],
    [['report', 'x'], '{"kind": "plan", ', 'it may have been cut short; make it again'],
    [
      ['plan', '--against', 'x'],
      'kind: Roles',
      'write a snapshot with `domo-roles export --format snapshot`',
    ],
  ])('%j of %j says what to do', async (argv, text, hint) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await held.stage.write('x', text);
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect([ended.code, ended.stderr]).toEqual([
      1,
      expect.stringContaining(`is not JSON\n  hint: ${hint}\n`),
    ]);
  });

  it.each([
    ['', 'the catalogue file is empty'],
    ['catalogue: []', 'the catalogue file is not JSON'],
    ['{"a":1}', 'the file contains no catalogue'],
  ])('with a catalogue of %j explains how to make one', async (text, message) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    await held.stage.write('c.json', text);
    const ended = await runWithin(['validate', '--catalogue', 'c.json'], { cwd: held.stage.folder });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`c.json  bad-file  ${message}`);
    expect(ended.stderr).toContain('get authorities --format json');
  });

  it.each([
    ['plan', ['plan', '--out', 'result.json'], 'apply applies it'],
    ['snapshot', ['export', '--format', 'snapshot', '--out', 'result.json'], 'who-can and can take it with'],
    ['drift document', ['drift', '--report', 'json=result.json'], 'report shows it'],
    ['probe report', ['doctor', '--probe', '--out', 'result.json'], 'a manifest is a YAML file'],
  ])('with a %s as the manifest explains what the file is', async (kind, argv, use) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    expect([0, 2]).toContain((await held.stage.run(...argv)).code);
    const ended = await held.stage.run('validate', 'result.json');
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('this file is a result of domo-roles, not a manifest');
    expect(ended.stdout.replace(/\s+/gu, ' ')).toContain(use);
    if (kind !== 'probe report') expect(ended.stdout).toContain(`this is a ${kind}`);
    expect(ended.stdout).toContain('1 error');
  });

  it.each([['plan'], ['apply'], ['drift'], ['fleet', 'plan'], ['fleet', 'apply']])(
    'with a file in the place of the folder of --sandbox names it, also if it leaves no manifest: %s %s',
    async (...command) => {
      await held.stage.write('roles.yaml', manifest('defaultRole: Participant\n'));
      const ended = await runWithin([...command, '--sandbox', 'roles.yaml'], { cwd: held.stage.folder });
      expect([ended.code, ended.stdout]).toEqual([1, '']);
      expect(ended.stderr).toMatch(/^usage {2}--sandbox takes .*"roles\.yaml" is not one/u);
      expect(ended.stderr).toContain('write it before the flag: roles.yaml --sandbox');
    },
  );

  it('with the folder of an export with --split names the folder of its manifest', async () => {
    expect((await held.stage.run('export', '--split', '--out', 'split')).code).toBe(0);
    const ended = await held.stage.run('validate', 'split');
    expect([ended.code, ended.stdout]).toEqual([
      1,
      expect.stringContaining('did you mean "split/domo-roles"?'),
    ]);
    expect((await held.stage.run('validate', 'split/domo-roles')).code).toBe(0);
    await held.stage.write('empty/domo-roles/notes.txt', 'no manifest');
    expect((await held.stage.run('validate', 'empty')).stdout).not.toContain('did you mean');
  });
});
