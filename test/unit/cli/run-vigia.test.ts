import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { runVigia } from '../../../src/cli/run-vigia.ts';
import type { Surroundings } from '../../../src/cli/surroundings.ts';
import { operatorOf } from '../../../src/manage/operator-of.ts';

interface Sent {
  address: string;
  redirect: RequestInit['redirect'];
  headers: Headers;
}

/** The command line over an API that always answers the same. */
async function run(
  args: string[],
  answer: Response | Error,
  environment: Surroundings['environment'] = {},
  ask: Surroundings['ask'] = null,
) {
  const said = { code: 0, out: '', error: '' };
  const sent: Sent[] = [];
  said.code = await runVigia(args, {
    environment,
    fetch: async (address, init) => {
      sent.push({ address, redirect: init.redirect, headers: new Headers(init.headers) });
      if (answer instanceof Error) throw answer;
      return answer.clone();
    },
    write: (text) => void (said.out += text),
    writeError: (text) => void (said.error += text),
    colours: false,
    columns: null,
    ask,
    user: 'ana',
    zone: 'UTC',
    now: () => Temporal.Instant.from('2026-03-02T15:00:00Z'),
  });
  return { ...said, sent };
}

const none = new Response('{"executions":[],"next":null}');
const refused = (status: number) => new Response('<html>no</html>', { status });
const lost = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
});
const away = Object.assign(new TypeError('fetch failed'), {
  cause: Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
});

describe('where it asks, and with which key', () => {
  test.each([
    [[], {}, 'http://127.0.0.1:7071/api/manage/executions?limit=20', null],
    [['--url', 'https://app.test'], {}, 'https://app.test/api/manage/executions?limit=20', null],
    [['--url', 'https://app.test/api/manage/'], {}, 'https://app.test/api/manage/executions?limit=20', null],
    [
      [],
      { VIGIA_URL: 'https://a.test', VIGIA_KEY: 'k' },
      'https://a.test/api/manage/executions?limit=20',
      'k',
    ],
    [[], { VIGIA_KEY: 'k', VIGIA_READ_KEY: 'r', VIGIA_ACT_KEY: 'a' }, /executions/, 'r'],
    [['--key', 'own'], { VIGIA_KEY: 'k', VIGIA_READ_KEY: 'r' }, /executions/, 'own'],
    [
      ['--alert', 'A&B', '--from', '2026-03-02T00:00:00-03:00'],
      {},
      /alert=A%26B&from=2026-03-02T00%3A00%3A00-03%3A00/,
      null,
    ],
  ])('%j with %j', async (args, environment, address, key) => {
    const { code, sent } = await run(['executions', ...args], none, environment);
    expect(code).toBe(0);
    expect(sent[0]?.address).toEqual(address instanceof RegExp ? expect.stringMatching(address) : address);
    expect(sent[0]?.headers.get('x-functions-key')).toBe(key);
  });

  test.each([
    [['run', '1', '--yes'], { VIGIA_KEY: 'k', VIGIA_READ_KEY: 'r', VIGIA_ACT_KEY: 'a' }, 'a'],
    [['run', '1', '--yes'], { VIGIA_READ_KEY: 'r' }, null],
  ])('%j acts with the key to act', async (args, environment, key) => {
    const { sent } = await run(args, refused(500), environment);
    expect(sent[0]?.headers.get('x-functions-key')).toBe(key);
    expect(sent[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(sent[0]?.headers.get('x-operator')).toBe('ana');
    // It would follow to another address, with the key.
    expect(sent[0]?.redirect).toBe('manual');
  });
});

test.each(['ana', 'José Pérez', 'Łukasz', '李雷 🙂', 'a\nb'])(
  'an operator called %j is told in ASCII, as headers have to be, and understood',
  async (user) => {
    const { sent } = await run(['status', '--operator', user], refused(500));
    const headers = sent[0]?.headers ?? new Headers();
    expect(headers.get('x-operator')).toMatch(/^[ -~]+$/);
    expect(operatorOf(headers, false)).toBe(user.replace('\n', ' '));
  },
);

test('a DELETE acts as well: with the key to act', async () => {
  const environment = { VIGIA_READ_KEY: 'r', VIGIA_ACT_KEY: 'a' };
  const { sent } = await run(['faults', 'discard', '7', '--why', 'x', '--yes'], refused(500), environment);
  expect(sent.map(({ address, headers }) => [address, headers.get('x-functions-key')])).toEqual([
    ['http://127.0.0.1:7071/api/manage/faults/7?why=x', 'a'],
  ]);
});

describe('before it acts', () => {
  const acts = [
    ['pause', '--tenant', 'E1', '--why', 'x'],
    ['pause', '--alert', 'A1', '--why', 'x'],
    ['resume', '--alert', 'A1'],
    ['cancel', '7'],
    ['resend', '7'],
    ['faults', 'retry', '7'],
  ];

  test.each(acts)('%s %s asks nobody when the app cannot be reached', async (...args) => {
    const ask = async () => {
      throw new Error('Nobody is to be asked.');
    };
    expect(await run(args, away, {}, ask)).toMatchObject({
      code: 3,
      error: expect.stringMatching(/nadie escucha/) as string,
    });
  });

  test.each(acts)('%s %s asks all the same when the key to act may not look', async (...args) => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return 'no';
    };
    expect(await run(args, refused(401), {}, ask)).toMatchObject({ code: 1, error: 'No se hizo nada.\n' });
    expect(questions).toEqual([expect.stringMatching(/^¿.+ en http:\/\/127\.0\.0\.1:7071\?/)]);
  });
});

describe('what cannot be done ends with a sentence and its code', () => {
  test.each<[string[], Response | Error, number, string | RegExp]>([
    [['status'], away, 3, 'No se pudo hablar con http://127.0.0.1:7071: nadie escucha en esa dirección.\n'],
    [
      ['run', '1', '--yes'],
      away,
      3,
      'No se pudo hablar con http://127.0.0.1:7071: nadie escucha en esa dirección.\n',
    ],
    [
      ['status'],
      refused(401),
      3,
      /^http:\/\/127\.0\.0\.1:7071 pide una clave \(401\) y no se mandó ninguna: esto necesita la de manage-read, en VIGIA_READ_KEY/,
    ],
    [['status', '--key', 'k'], refused(401), 3, /no acepta la clave que se mandó \(401\): .* manage-read/],
    [
      ['preview', '1', '--key', 'k'],
      refused(403),
      3,
      /no acepta .* \(403\): esto necesita la de manage-act, en VIGIA_ACT_KEY/,
    ],
    [['status'], new Response('', { status: 503 }), 3, /no pudo contestar \(503\)/],
    [
      ['status'],
      new Response('{"title":"Too busy","detail":"Wait.","status":503,"code":"of_tomorrow"}', {
        status: 503,
      }),
      3,
      'http://127.0.0.1:7071 respondió 503: Too busy. Wait.\n',
    ],
    [['status'], refused(302), 3, /manda a otra dirección \(302\): quizá pide iniciar sesión\.\n$/],
    [['status'], refused(404), 3, /respondió 404 y no parece Vigía\.\n$/],
    [
      ['status'],
      new Response('{"version":1}'),
      3,
      /^La respuesta no es la que esta versión de vigia conoce \(version\)/,
    ],
    [
      ['run', '1', '--yes', '--idempotency-key', 'k1'],
      lost,
      3,
      /vuelva a pedirlo con --idempotency-key k1\n$/,
    ],
    [['status', '--url', 'app.test'], none, 2, /^La dirección «app\.test» no sirve/],
    [['wy'], none, 2, 'No hay un comando «wy». ¿Quiso decir why? Con --help se ve cómo se usa.\n'],
    [['why'], none, 2, 'Falta «alerta». Con --help se ve cómo se usa.\n'],
    [['why', '1', 'nunca'], none, 2, /^«nunca» no es una fecha/],
    [['why', '1', '31/02/2026'], none, 2, /^«31\/02\/2026» no es una fecha/],
    [['status', 'x'], none, 2, /^Hay palabras de más\./],
    [
      ['status', '--jason'],
      none,
      2,
      'No hay una opción «--jason». ¿Quiso decir --json? Con --help se ve cómo se usa.\n',
    ],
    [['test', '1'], none, 2, /^Falta la opción «--to <destino>»\./],
    [['preview', '1', '--limit', 'x'], none, 2, /^«x» no es una cantidad/],
    [['status', '--url'], none, 2, /^A la opción «--url <dirección>» le falta el valor\./],
  ])('%j', async (args, answer, code, sentence) => {
    const said = await run(args, answer);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.error).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
  });

  test('without a command it shows its help, in Spanish, and names every command', async () => {
    const { code, error } = await run([], none);
    expect(code).toBe(2);
    expect(error).toContain('Comandos:');
    for (const command of [
      'status',
      'next',
      'why',
      'preview',
      'test',
      'run',
      'resend',
      'executions',
      'problems',
    ])
      expect(error).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect((await run(['--help'], none)).code).toBe(0);
    expect((await run(['why', '--help'], none)).out).toContain('Argumentos:');
    const { out } = await run(['executions', '--help'], none);
    expect(out).toMatch(/--limit <cantidad> +cuántas \(20\)\n/);
    expect(out).not.toMatch(/default|<[a-z]*(code|count|instant|state)>/);
  });
});
