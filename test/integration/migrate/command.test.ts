import { spawn } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { emptyDatabase } from '../../support/control-database.ts';

/** `npm run migrate` with these arguments, in a folder without local.settings.json unless told otherwise. */
async function migrateCommand(
  args: readonly string[],
  CONTROL_DATABASE?: string,
  cwd = fileURLToPath(new URL('.', import.meta.url)),
  environment: Record<string, string> = {},
) {
  const command = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('../../../src/migrate.ts')), ...args],
    {
      cwd,
      env: {
        PATH: process.env['PATH'],
        ...(CONTROL_DATABASE === undefined ? {} : { CONTROL_DATABASE }),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const code = new Promise((resolve) => command.once('exit', resolve));
  return { output: await text(command.stdout), errors: await text(command.stderr), code: await code };
}

describe('npm run migrate', () => {
  test('shows the SQL with --dry-run, runs the same SQL without, and then has nothing to do', async () => {
    await using database = await emptyDatabase();
    const preview = await migrateCommand(['--dry-run'], database.connection);
    expect(preview).toMatchObject({ errors: '', code: 0 });
    expect(preview.output).toMatch(/^CREATE TABLE CT_Alertas_Config \(\n {2}cfg_Cod VARCHAR\(6\) NOT NULL,/);
    const run = await migrateCommand([], database.connection);
    expect(run).toMatchObject({ errors: '', code: 0 });
    expect(run.output).toBe(
      `${preview.output}-- Done: ${preview.output.split(';\n\n').length - 1} statements.\n`,
    );
    const again = await migrateCommand([], database.connection);
    const previewAgain = await migrateCommand(['--dry-run'], database.connection);
    expect(previewAgain.output).toBe(again.output);
    expect(again.output).toBe('-- Nothing to do: the control database is up to date.\n');
  });

  test('changes nothing where npm has taken --dry-run as an option of its own', async () => {
    await using database = await emptyDatabase();
    const taken = { npm_config_dry_run: 'true' };
    const previews = [
      await migrateCommand([], database.connection, undefined, taken),
      await migrateCommand(['--dry-run'], database.connection),
    ];
    expect(previews[0]?.output).toMatch(/^CREATE TABLE /);
    expect(previews[0]).toEqual(previews[1]);
  });

  test.each([
    [['--dryrun'], 'Server=h;Uid=u', "Unknown option '--dryrun'"],
    [[], undefined, 'CONTROL_DATABASE is missing'],
    [
      [],
      'Server=127.0.0.1,1;Uid=u;Pwd=secreto',
      /^The control database cannot be opened: Failed to connect to 127\.0\.0\.1:1 .*\nSee to Server, /,
    ],
  ])(
    'with %j and the connection string %s says what is wrong and ends with code 1',
    async (args, connection, message) => {
      const { errors, code } = await migrateCommand(args, connection);
      expect(errors).toMatch(message);
      expect(errors).not.toMatch(/^ +at /m);
      expect(code).toBe(1);
    },
  );

  test('says how a certificate that no authority signed is accepted', async () => {
    await using database = await emptyDatabase();
    const { errors, code } = await migrateCommand(
      [],
      database.connection.replace(/TrustServerCertificate=[^;]*/i, ''),
    );
    expect(errors).toContain('TrustServerCertificate=True in CONTROL_DATABASE');
    expect(code).toBe(1);
  });

  test('says that local.settings.json cannot be read, and nothing of what is in it', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'vigia-migrate-'));
    await writeFile(join(folder.path, 'local.settings.json'), 'Password=secreto');
    const { errors, code } = await migrateCommand([], undefined, folder.path);
    expect(errors).toContain('local.settings.json must be JSON with an object "Values" of texts');
    expect(errors).not.toMatch(/secreto|^ +at /m);
    expect(code).toBe(1);
  });
});
