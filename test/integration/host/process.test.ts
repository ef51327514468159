import { describe, expect, test } from 'vitest';
import { failingHost, startTestHost } from '../../support/running-host.ts';

describe('a CommonJS app', () => {
  test('runs with its hooks, its logs and its settings from the environment', async () => {
    await using host = await startTestHost('common-js', { environment: { GREETED: 'you' } });
    const response = await fetch(`${host.address}/hello`);
    expect(await response.text()).toBe('hello you');
    await host.said('postInvocation hook of hello');
    expect(host.lines).toEqual(expect.arrayContaining(['loading as CommonJS', 'appStart hook']));
    expect(host.lines).toContainEqual(expect.stringMatching(/^\[.+Z\] said by the context$/));
    expect(host.lines.join()).not.toContain('never shown');
  });

  test('runs without the function that this host cannot run, and says so', async () => {
    await using host = await startTestHost('common-js');
    await host.said(
      "The 'blobby' function is in error: The local host does not run bindings of type 'blobTrigger' (in)",
    );
    const all = (await (await fetch(`${host.address}/admin/functions`)).json()) as { name: string }[];
    expect(all.map(({ name }) => name)).toEqual(['blobby', 'crash', 'hello', 'off', 'slow']);
    expect(await (await fetch(`${host.address}/admin/functions/blobby/status`)).json()).toEqual({
      errors: [expect.stringContaining('blobTrigger')],
    });
  });

  test('does not offer a disabled function', async () => {
    await using host = await startTestHost('common-js', {
      environment: { 'AzureWebJobs.off.Disabled': '1' },
    });
    expect((await fetch(`${host.address}/off`)).status).toBe(404);
    await host.said('/off (disabled)');
  });
});

describe('an error that nobody can catch', () => {
  test('fails what runs and leaves the host running', async () => {
    await using host = await startTestHost('common-js');
    expect((await fetch(`${host.address}/crash`)).status).toBe(500);
    await host.said('thrown at nobody');
    expect((await fetch(`${host.address}/hello`)).status).toBe(200);
  });
});

test('the end of its standard input lets a request finish and ends it with code 0', async () => {
  await using host = await startTestHost('common-js');
  const answer = fetch(`${host.address}/slow`).then((response) => response.text());
  await host.said('slow begins');
  const code = host.stop('close-stdin');
  expect(await answer).toBe('slow ends');
  expect(await code).toBe(0);
  expect(host.lines.at(-1)).toBe('appTerminate hook');
});

describe('a host that cannot start', () => {
  test('names the entry file that threw, with its stack', async () => {
    const { lines, code } = await failingHost('faulty');
    expect(code).toBe(1);
    expect(lines[0]).toBe('Worker was unable to load entry point "broken.js": TypeError: broken on purpose');
    expect(lines[1]).toMatch(/^ +at .*host-apps[\\/]faulty[\\/]broken\.js/);
  });

  test('shows the message alone of a fault in the configuration', async () => {
    const { lines, code } = await failingHost('faulty', { environment: { FAULT: 'configuration' } });
    expect(code).toBe(1);
    expect(lines).toEqual(['SMTP_SERVER is missing.', 'SMTP_PORT is no number.']);
  });

  test('says that a timer needs storage', async () => {
    const { lines, code } = await failingHost('timer-only');
    expect(code).toBe(1);
    expect(lines[0]).toContain('Missing value for AzureWebJobsStorage: the timer function "hourly"');
  });

  test('says that its port is in use', async () => {
    await using host = await startTestHost('common-js');
    const port = host.address.split(':').at(-1) ?? '';
    const { lines, code } = await failingHost('common-js', { args: ['--port', port] });
    expect([code, lines.at(-1)]).toEqual([1, `Port ${port} is in use: choose another with --port.`]);
  });

  test.each([
    [['--nonsense'], "Unknown option '--nonsense'"],
    [['--port', 'x'], '--port "x" is no port.'],
  ])('shows its usage for %j', async (args, why) => {
    const { lines, code } = await failingHost('common-js', { args });
    expect(code).toBe(1);
    expect(lines[0]).toContain(why);
    expect(lines.join('\n')).toContain('Usage: npm run host -- --app DIR');
  });
});
