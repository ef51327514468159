import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { aGateway } from '../dispatch/gateway.ts';
import { claim, createTenantTables, fillControl, fillTenant } from '../dispatch/sql-rows.ts';
import { manageWorld, type ManageWorld } from '../manage/manage-world.ts';
import { cliOver } from './cli-world.ts';

const persons = [
  { code: '01', phone: '011 5555-0001' },
  { code: '02', phone: '12' },
];

let world: ManageWorld;
let erp: TestDatabase;
let gateway: Awaited<ReturnType<typeof aGateway>>;
let vigia: ReturnType<typeof cliOver>['vigia'];

beforeAll(async () => {
  gateway = await aGateway();
  world = await manageWorld('2026-03-02T15:49:00Z', { environment: { WEBHOOK_ALLOWED_HOSTS: gateway.host } });
  erp = await emptyDatabase();
  await createTenantTables(erp.db);
  await fillTenant(erp.db, persons);
  await fillControl(world.db, erp.connection, gateway.host);
  await sql`
    INSERT INTO CT_Scheduler_Ciclos (cic_Inicio, cic_DuracionMs, cic_Candidatas, cic_Reclamadas, cic_Perdidas, cic_Barridas)
    VALUES ('2026-03-02T15:48:00', 45, 1, 1, 0, 0)`.execute(world.db);
  await world.dispatch(await claim(world.db));
  ({ vigia } = cliOver(world));
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
  await gateway.close();
});

const linesOf = (text: string) => text.trimEnd().split('\n');

describe('commands that look', () => {
  test('status tells the last scan, the queues and the scans', async () => {
    const { code, out } = await vigia('status');
    expect(code).toBe(0);
    expect(out).toContain('Último ciclo         02/03/2026 12:48:00, hace 60 s\n');
    expect(out).toContain('En las colas         3 ejecuciones, 1 informes');
    expect(linesOf(out).slice(-2)).toEqual([
      'CICLO                MS  VISTAS  TOMADAS  PERDIDAS  BARRIDAS  FALLAS',
      '02/03/2026 12:48:00  45       1        1         0         0  -',
    ]);
  });

  test('next shows the agenda on the clocks of the tenants', async () => {
    const { out } = await vigia(
      'next',
      '--to',
      '2026-03-04T00:00:00-03:00',
      '--from',
      '2026-03-03T00:00:00-03:00',
    );
    expect(linesOf(out)).toEqual([
      'HORA DE LA EMPRESA   ALERTA  NOMBRE            EMPRESA  ZONA                            NO SALE POR',
      '03/03/2026 12:49:00  000001  Facturas impagas  0001     America/Argentina/Buenos_Aires  -',
    ]);
  });

  test('next goes on where the page before ended', async () => {
    const days = ['--from', '2026-03-03T00:00:00-03:00', '--to', '2026-03-06T00:00:00-03:00', '--limit', '2'];
    const first = await vigia('next', ...days);
    const [, cursor = ''] = /\nHay más: --cursor (\S+)\n$/.exec(first.out) ?? [];
    const { out } = await vigia('next', ...days, '--cursor', cursor);
    expect(linesOf(out).slice(1)).toEqual([expect.stringMatching(/^05\/03\/2026 12:49:00  000001/)]);
  });

  test('why answers an operator’s question, today as the alert’s zone has it', async () => {
    const { code, out } = await vigia('why', '000001', 'hoy', '--person', 'nandu 01');
    expect(code).toBe(0);
    expect(linesOf(out)).toHaveLength(12);
    expect(out).toMatch(/^✔ existe /);
    expect(out).toMatch(/\n✔ lo aceptaron +HTTP 200 en \d+ ms\./);
    expect(linesOf(out).at(-1)).toMatch(
      /^El mensaje .* para Persona 01 Ñandú \(01\) salió hacia \+5491155550001/,
    );
  });

  test('why takes yesterday and dates as people write them', async () => {
    for (const date of ['ayer', '2026-03-01', '01/03/2026', '1/3', '01-03-2026'])
      expect((await vigia('why', '000001', date)).out).toContain(
        'No salió la alerta 000001 «Facturas impagas» el 01/03/2026',
      );
  });

  test('executions lists them, and shows one with its deliveries', async () => {
    expect(linesOf((await vigia('executions', '--alert', '000001')).out)).toEqual([
      'N.º  ALERTA  EMPRESA  HORA DE LA EMPRESA   ORIGEN  ESTADO   ACEPTADAS  MOTIVO',
      '  1  000001  0001     02/03/2026 12:49:00  AGENDA  PARCIAL          1  sin_contacto',
    ]);
    const { out } = await vigia('executions', '1');
    expect(out).toContain(
      'Ejecución 1 de la alerta 000001, empresa 0001, 02/03/2026 12:49:00, AGENDA\nPARCIAL, 1 aceptadas;',
    );
    expect(out).toMatch(
      /\n01 +Persona 01 Ñandú +\+5491155550001 +ENVIADO +1 +02\/03\/2026 12:49:00 +200 +-\n/,
    );
    expect(out).toMatch(/\n02 +Persona 02 Ñandú +- +SIN_CONTACTO +0 /);
    expect((await vigia('executions', '--state', 'PERDIDA')).out).toBe('No hay ninguna.\n');
  });

  test('problems names the row, the column and what is wrong', async () => {
    await sql`INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo) VALUES ('BAD', '0001', 'NUNCA')`.execute(
      world.db,
    );
    const { out } = await vigia('problems');
    expect(out).toMatch(
      /CT_Alertas_Config BAD +cfg_TipoDisparo .* configuracion_invalida +cfg_TipoDisparo dice "NUNCA"/,
    );
    await sql`DELETE FROM CT_Alertas_Config WHERE cfg_Cod = 'BAD'`.execute(world.db);
  });

  test('preview shows whom it would reach, with the text, and who not', async () => {
    const { code, out } = await vigia('preview', '000001');
    expect(code).toBe(0);
    expect(out).toContain('Destinatarios: 2; saldrían 1, sin contacto 1, duplicados 0, sin filas 0');
    expect(out).toMatch(/\n01 +Persona 01 Ñandú +\+5491155550001 +saldría/);
    expect(out).toMatch(/\n02 +Persona 02 Ñandú +- +sin contacto +No tiene un Tcon_Celular válido/);
    expect(out).toContain('01: Hola Persona 01 Ñandú: Corralón San Martín debe 1500.5');
  });

  test('--json is what the API answers, to the byte', async () => {
    const { out } = await vigia('executions', '1', '--json');
    const answer = await world.send('manage/executions/1?limit=20');
    expect(out).toBe(`${await answer.text()}\n`);
  });
});

describe('commands that act', () => {
  test('run, test and resend do nothing unasked where nobody can be asked', async () => {
    for (const args of [
      ['run', '000001'],
      ['test', '000001', '--to', '+5491155550009'],
      ['resend', '1'],
    ])
      expect(await vigia(...args)).toEqual({
        code: 2,
        out: '',
        error: 'No hay a quién preguntarle: agregue --yes para hacerlo sin preguntar.\n',
      });
    expect(world.messages).toEqual([]);
  });

  test('ask a person first, and do nothing unless that one agrees', async () => {
    const questions: string[] = [];
    const answers = ['n', '', null, 'sí'];
    const ask = async (question: string) => {
      questions.push(question);
      return answers.shift() ?? null;
    };
    const { vigia: asking } = cliOver(world, { ask });
    expect(await asking('run', '000001', '--person', '01')).toMatchObject({
      code: 1,
      error: 'No se hizo nada.\n',
    });
    expect(await asking('run', '000001', '--person', '01')).toMatchObject({ code: 1 });
    expect(await asking('run', '000001', '--person', '01')).toEqual({
      code: 130,
      out: '',
      error: 'No se hizo nada.\n',
    });
    expect(await asking('run', '000001', '--person', '01')).toMatchObject({ code: 0 });
    expect(questions[0]).toBe(
      '¿Enviar ahora la alerta 000001 «Facturas impagas», empresa 0001, a 01: 1 persona, en http://vigia.test? [s/N] ',
    );
    expect(world.messages).toHaveLength(1);
    await world.dispatch(2);
  });

  test('the question names the alert, its company, how many it reaches and the server', async () => {
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return 'no';
    };
    const { vigia: asking } = cliOver(world, { ask });
    await asking('run', '000001');
    await asking('run', '000001', '--person', '01', '--person', 'NADIE');
    await asking('test', '000001', '--to', '+5491155550009');
    await asking('resend', '1');
    await asking('resend', '1', '--all');
    const end = ', en http://vigia.test? [s/N] ';
    const alert = 'la alerta 000001 «Facturas impagas», empresa 0001,';
    expect(questions).toEqual([
      `¿Enviar ahora ${alert} a 2 personas (saldrían 1)${end}`,
      `Atención: NADIE no está entre los destinatarios.\n¿Enviar ahora ${alert} a 01, NADIE: 1 persona${end}`,
      `¿Enviar una prueba de ${alert} solo a +5491155550009${end}`,
      `¿Reenviar la ejecución 1 de la alerta 000001, empresa 0001, a quienes no la recibieron: nadie${end}`,
      `¿Reenviar la ejecución 1 de la alerta 000001, empresa 0001, a todos, también a quienes ya la recibieron: 1 persona${end}`,
    ]);
  });

  test('nobody is asked about what does not exist', async () => {
    const ask = async () => {
      throw new Error('Nobody is to be asked.');
    };
    const { vigia: asking } = cliOver(world, { ask });
    for (const args of [
      ['run', 'NADA'],
      ['test', 'NADA', '--to', '1'],
      ['resend', '999'],
    ])
      expect(await asking(...args)).toMatchObject({
        code: 1,
        error: expect.stringMatching(/^No existe esa/) as string,
      });
  });

  test('test sends one message to a destination of one’s own, in the name of the operator', async () => {
    const { vigia: named } = cliOver(world, { user: 'Íñigo Ñáñez' });
    const { code, out } = await named('test', '000001', '--to', '011 5555-0009', '--yes');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Prueba en marcha, ejecución 3: vigia executions 3 muestra cómo termina.\n',
    });
    const { body } = await world.get('audit?limit=1');
    expect(body).toMatchObject({ entries: [{ who: 'Íñigo Ñáñez', act: 'test' }] });
    await world.dispatch(3);
  });

  test('resend says who is left out, and the same key acts once', async () => {
    const args = ['resend', '1', '--yes', '--all', '--idempotency-key', 'k1'];
    const first = await vigia(...args);
    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.out).toMatch(/^Reenvío en marcha a 1, ejecución 4: /);
    expect(first.out).toMatch(/02 +Persona 02 Ñandú +no se le envía: sin contacto/);
    expect((await vigia(...args)).out).toContain('ejecución 4');
    expect((await vigia('executions', '1')).out).toContain('\nReenviada: 4\n');
    expect((await vigia('executions', '4')).out).not.toContain('Reenviada');
  });

  test('executions shows all times on the clocks of the company, and why it is tried again', async () => {
    await sql`
      UPDATE CT_Alertas_Mensajes SET msg_Estado = 'REINTENTO', msg_Error = 'webhook_fallo: El webhook respondió 500.',
        msg_ProximoIntento = '2026-03-02T15:59:00'
      WHERE msgsch_id = 1 AND msgper_Cod = '01'`.execute(world.db);
    const { vigia: abroad } = cliOver(world, { zone: 'Asia/Tokyo' });
    const { out } = await abroad('executions', '1');
    expect(out).toContain('\nHoras de America/Argentina/Buenos_Aires\n');
    expect(out).toMatch(
      /REINTENTO +1 +02\/03\/2026 12:49:00 +200 +próximo 02\/03\/2026 12:59:00; webhook_fallo: El webhook respondió 500\.\n/,
    );
    await sql`
      UPDATE CT_Alertas_Mensajes SET msg_Estado = 'ENVIADO', msg_Error = NULL, msg_ProximoIntento = NULL
      WHERE msgsch_id = 1 AND msgper_Cod = '01'`.execute(world.db);
  });
});

describe('what the API refuses', () => {
  test.each([
    [
      ['executions', '999'],
      1,
      'No existe esa ejecución (unknown_execution): CT_Scheduler_Alertas no tiene la fila 999.\n',
    ],
    [
      ['run', 'NADA', '--yes'],
      1,
      'No existe esa alerta (unknown_alert): CT_Alertas_Config no tiene la fila NADA.\n',
    ],
    [['why', 'NADA'], 1, 'No existe ninguna alerta con el código NADA.\n'],
    [
      ['executions', '--state', 'MAL'],
      1,
      /^Algún valor no sirve \(invalid_request\): --state debe ser uno de estos: PENDIENTE, /,
    ],
    [
      ['next', '--limit', '0', '--from', 'ayer'],
      1,
      /^Algún valor no sirve \(invalid_request\): --from debe ser una hora con su zona, como 2026-03-02T12:00:00-03:00 o 2026-03-02T15:00:00Z; --limit debe ser un número entero de 1 a 1000\.\n$/,
    ],
    [['next', '--cursor', 'x'], 1, /: --cursor debe ser lo que dijo la página anterior\./],
    [['executions', 'x'], 1, /: el número de la ejecución debe ser un número\./],
    [['test', '000001', '--to', 'x', '--yes'], 1, /: --to (debe ser|no sirve)/],
    [['preview', '000001', '--at', 'x'], 1, /: --at debe ser una hora con su zona/],
    [['why', ''], 1, /: (la alerta|el código de la alerta) no puede quedar vacío\./],
  ])('%j ends with %i and a sentence', async (args, code, sentence) => {
    const said = await vigia(...args);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.error).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
  });

  test('with --json the problem document comes as it is', async () => {
    const { code, out, error } = await vigia('executions', '999', '--json');
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(JSON.parse(out)).toMatchObject({ code: 'unknown_execution', status: 404 });
  });
});
