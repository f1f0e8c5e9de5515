import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { runWithin } from '../support/in-process.js';
import { manifest, stageForFile } from './support.js';

describe('an invalid command line', () => {
  const held = stageForFile();

  it.each([
    [['validate', '--catalogue'], '--catalogue needs a value'],
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
    [['get'], 'get needs 1 argument, and was given 0'],
    [['can', 'eva@acme.com'], 'can needs 2 arguments, and was given 1'],
    [['runs', 'nosuch'], 'runs does not take "nosuch"'],
    [['sandbox', 'foo'], 'there is no command "sandbox foo"'],
    [['sandbox', 'restart'], 'there is no command "sandbox restart"'],
    [['fleet', 'everything', 'now'], 'there is no command "fleet everything"'],
    [['sandbox', 'serve', 'serve'], 'sandbox serve does not take "serve"'],
    [['everything', 'now'], 'there is no command "everything"'],
    [['runs', 'one', 'two'], 'runs does not take "one" and "two"'],
    [['fleet'], 'specify a fleet command'],
    [['fleet', 'plann'], 'there is no command "fleet plann"'],
    [['fleet', 'show'], 'fleet show needs 1 argument, and was given 0'],
    [['fleet', 'list', 'a.yaml', 'b.yaml'], 'fleet list does not take "b.yaml"'],
    [['plam'], 'there is no command "plam"'],
    [['plan', '--oot', 'x'], 'there is no flag --oot'],
    [['apply', '--yes', '--dry-run=yes'], '--dry-run takes no value, and was given "yes"'],
    [['apply', '--yes', '--dry-run=1'], '--dry-run takes no value, and was given "1"'],
    [['apply', '--yes', '--dry-run='], '--dry-run takes no value, and was given ""'],
    [['apply', '--yes', '--dryRun=True'], '--dryRun takes no value, and was given "True"'],
    [['apply', '--yes', '--dry-run', '--dry-run=false'], '--dry-run was given as true and as false'],
    [['apply', '--yes', '--dry-run', '--dry-run', 'false'], '--dry-run was given as true and as false'],
    [['apply', '-y=1'], '-y takes no value, and was given "1"'],
    [['apply', '-y1'], '-y takes no value, and was given "1"'],
    [['apply', '-y', '--yes=false'], '--yes was given as true and as false'],
    [['apply', '--yes', '--dry-run.x=1'], 'there is no flag --dry-run.x'],
    [['plan', '--allow.x=1'], 'there is no flag --allow.x'],
    [['plan', '--impact-limit='], '--impact-limit was given an empty value'],
    [['plan', '--retries', ''], '--retries was given an empty value'],
    [['plan', '--retries', ' '], '--retries takes a number'],
    [['drift', '--since', '0'], '--since takes a whole number from 1 up'],
    [['drift', '--since', '-1'], '--since takes a whole number from 1 up'],
    [['fleet', 'drift', '--since', '1.5'], '--since takes a whole number from 1 up'],
    [['drift', '--since', '0x1F'], '--since takes a number'],
    [['plan', '--out', '--', 'x.yaml'], '--out needs a value'],
    [['runs', '--', 'nosuch'], 'runs does not take "nosuch"'],
    [['get', '--', 'membres'], 'get does not take "membres"'],
    [['validate', '--', ''], 'the path of a manifest is empty'],
    [['--', 'plam'], 'there is no command "plam"'],
    [['help', 'plam'], 'there is no command "plam"'],
    [['plam', '--help'], 'there is no command "plam"'],
    [['__proto__', '-h'], 'there is no command "__proto__"'],
    [['help', 'fleet', 'plam'], 'there is no command "fleet plam"'],
    [['fleet', 'help', 'plam'], 'there is no command "fleet plam"'],
    [['fleet', 'plam', '--help'], 'there is no command "fleet plam"'],
    [['help', 'sandbox', 'restart'], 'there is no command "sandbox restart"'],
  ])('%j names what is wrong', async (argv, message) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect(ended.code).toBe(1);
    expect(ended.stderr.split('\n')[0]).toBe(`usage  ${message}`);
    expect(ended.stderr).toContain('hint: ');
  });

  it.each([
    [['plan', '-out', 'plan.json'], 'there is no flag -out', 'did you mean --out?'],
    [['plan', '-out=plan.json'], 'there is no flag -out', 'did you mean --out?'],
    [
      ['plan', '-detailed-exitcode'],
      'there is no flag -detailed-exitcode',
      'did you mean --detailed-exitcode?',
    ],
    [['apply', '-auto-approve'], 'there is no flag -auto-approve', 'did you mean --yes?'],
    [['apply', '--auto-approve'], 'there is no flag --auto-approve', 'did you mean --yes?'],
    [['plan', '--json'], 'there is no flag --json', 'did you mean --format json?'],
    [['export', '-o', 'x.yaml'], 'there is no flag -o', 'did you mean --out or --format?'],
    [['get', 'roles', '--output', 'json'], 'there is no flag --output', 'did you mean --format?'],
    [
      ['apply', '-f', 'x.yaml'],
      'there is no flag -f',
      'name a manifest without a flag: domo-roles apply FILE',
    ],
    [['fleet', 'apply', '-f', 'x'], 'there is no flag -f', 'domo-roles fleet apply --help shows more'],
    [['plan', '--target', 'x'], 'there is no flag --target', 'domo-roles plan --help shows more'],
    [['drift', '--quiet'], 'there is no flag --quiet', 'domo-roles drift --help shows more'],
    [['plan', '--fromat', 'json'], 'there is no flag --fromat', 'did you mean --format?'],
    [['-v'], 'there is no flag -v', 'did you mean --version?'],
    [['-y'], 'a command is missing', 'domo-roles --help shows more'],
    [['state', 'list', '--sandbox'], 'there is no command "state"', 'did you mean "get"?'],
    [['import', '--sandbox'], 'there is no command "import"', 'did you mean "export"?'],
    [['version'], 'there is no command "version"', 'did you mean "--version"?'],
    [['fmt'], 'there is no command "fmt"', 'did you mean "validate"?'],
    [['plam', '--sandbox'], 'there is no command "plam"', 'did you mean "plan"?'],
    [['--sandbox', 'x', 'plam'], 'there is no command "x"', 'domo-roles --help lists the commands'],
    [['fleet', 'status', '--sandbox'], 'there is no command "fleet status"', 'did you mean "fleet drift"?'],
    [['fleet', 'plann', '--oot'], 'there is no command "fleet plann"', 'did you mean "fleet plan"?'],
    [['destroy'], 'there is no command "destroy"', 'domo-roles --help lists the commands'],
  ])('%j gets the answer %j with the hint %j', async (argv, message, hint) => {
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
    expect(ended.stderr).toMatch(/^usage {2}--wait-for-lock takes a whole number from 0 to 86400\n/u);
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
    [['schema', '-'], 'there is no schema "-"'],
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
    [['completion', 'powershell'], 'it takes bash, zsh, fish'],
    [
      ['export', '--format', 'html', '--only', 'Editor'],
      'leave it out, or use --format yaml, csv or matrix-csv',
    ],
    [['fleet', 'apply', '--snapshots', 'x'], 'domo-roles fleet apply --help shows more'],
  ])('%j suggests the intended value or lists the accepted ones', async (argv, hint) => {
    const ended = await runWithin(argv, { cwd: held.stage.folder });
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(`hint: ${hint}\n`)]);
  });

  it.each([
    [['report', 'x'], 'kind: Roles', 'name a JSON document that domo-roles wrote'],
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
    ['plan', ['plan', '--out', 'result.json']],
    ['snapshot', ['export', '--format', 'snapshot', '--out', 'result.json']],
  ])('with a %s as the manifest explains what the file is', async (_kind, argv) => {
    await held.stage.write('domo-roles.yaml', manifest('defaultRole: Participant\n'));
    expect((await held.stage.run(...argv)).code).toBe(0);
    const ended = await held.stage.run('validate', 'result.json');
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain('this file is a result of domo-roles, not a manifest');
    expect(ended.stdout).toContain('1 error');
  });
});
