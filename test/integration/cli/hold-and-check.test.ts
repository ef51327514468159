import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyDatabase, type TestDatabase } from '../../support/control-database.ts';
import { aGateway } from '../dispatch/gateway.ts';
import { createTenantTables, fillControl, fillTenant } from '../dispatch/sql-rows.ts';
import { manageWorld, type ManageWorld } from '../manage/manage-world.ts';
import { cliOver, type Said } from './cli-world.ts';

let world: ManageWorld;
let erp: TestDatabase;
let gateway: Awaited<ReturnType<typeof aGateway>>;
let vigia: ReturnType<typeof cliOver>['vigia'];

beforeAll(async () => {
  gateway = await aGateway();
  world = await manageWorld('2026-03-02T15:49:00Z', {
    environment: {
      WEBHOOK_ALLOWED_HOSTS: gateway.host,
      SMTP_SERVER: '127.0.0.1',
      SMTP_FROM: 'v@example.com',
    },
  });
  erp = await emptyDatabase();
  await createTenantTables(erp.db);
  await fillTenant(erp.db, [
    { code: '01', phone: '011 5555-0001' },
    { code: '02', phone: '12' },
  ]);
  await fillControl(world.db, erp.connection, gateway.host);
  await sql`
    INSERT INTO CT_Scheduler_Fallas (fal_Motivo, fal_Detalle, fal_Fecha, falcfg_Cod, falemp_Cod, falsch_id) VALUES
      ('consulta_error', N'La consulta dice que no existe la columna Saldo', '2026-03-02T12:00:00', '000001', '0001', 7),
      ('mensaje_ajeno', N'Un mensaje que no es nuestro', '2026-03-02T12:01:00', NULL, NULL, NULL)`.execute(
    world.db,
  );
  ({ vigia } = cliOver(world));
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await erp[Symbol.asyncDispose]();
  await gateway.close();
});

const linesOf = (text: string) => text.trimEnd().split('\n');
const server = 'en http://vigia.test?';

/** Somebody who is asked and gives that answer. */
function asked(answer: string) {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer;
  };
  return { questions, ...cliOver(world, { ask }) };
}

test('what acts does nothing unasked where nobody can be asked', async () => {
  for (const args of [
    ['pause', '--everything', '--why', 'x'],
    ['resume', '--everything'],
    ['cancel', '1'],
    ['scan', '--real'],
    ['faults', 'retry', '1'],
    ['faults', 'discard', '1', '--why', 'x'],
  ])
    expect(await vigia(...args)).toEqual({
      code: 2,
      out: '',
      error: 'No hay a quién preguntarle: agregue --yes para hacerlo sin preguntar.\n',
    });
  expect((await world.get('audit')).body).toMatchObject({ entries: [] });
});

test('nobody is asked about what does not exist', async () => {
  const { vigia: asking, questions } = asked('sí');
  for (const args of [
    ['pause', '--tenant', 'NADA', '--why', 'x'],
    ['pause', '--alert', 'NADA', '--why', 'x'],
    ['resume', '--alert', 'NADA'],
    ['cancel', '999'],
    ['faults', 'retry', '999'],
    ['faults', 'discard', '999', '--why', 'x'],
  ])
    expect(await asking(...args)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^No existe esa/) as string,
    });
  expect(questions).toEqual([]);
});

describe('pause and resume', () => {
  test('the question says what is held back, until when, and how much that is', async () => {
    const { vigia: asking, questions } = asked('no');
    await asking('pause', '--tenant', '0001', '--why', 'mudanza');
    await asking('pause', '--alert', '000001', '--until', '2h', '--why', 'mudanza');
    await asking('pause', '--everything', '--until', '08:00', '--why', 'mudanza');
    await asking('resume', '--tenant', '0001');
    const zone = '(hora de America/Argentina/Buenos_Aires)';
    expect(questions).toEqual([
      `¿Poner en pausa empresa 0001, sin fin, ${server} En 24 horas le toca 1 salida. [s/N] `,
      `¿Poner en pausa alerta 000001 «Facturas impagas», de la empresa 0001, hasta el 02/03/2026 14:49:00 ${zone}, ${server} [s/N] `,
      `¿Poner en pausa todo, hasta el 03/03/2026 08:00:00 ${zone}, ${server} En 24 horas le toca 1 salida. [s/N] `,
      `¿Terminar la pausa de empresa 0001, ${server} [s/N] `,
    ]);
  });

  test('pause says what it holds back and how it ends, and resume what still does', async () => {
    expect((await vigia('pause', '--everything', '--why', 'corte', '--yes')).out).toBe(
      'En pausa desde ahora y sin fin: todo (pausa 1).\nLo que le toque mientras tanto queda OMITIDA, y no sale después.\nPara terminarla: vigia resume --everything\n',
    );
    const until = await vigia('pause', '--tenant', '0001', '--until', '90min', '--why', 'mudanza', '--yes');
    expect(linesOf(until.out)).toEqual([
      'En pausa desde ahora y hasta el 02/03/2026 14:19:00 (hora de America/Argentina/Buenos_Aires): empresa 0001 (pausa 2).',
      expect.anything(),
      'Para terminarla: vigia resume --tenant 0001',
    ]);
    const resumed = await vigia('resume', '--tenant', '0001', '--yes');
    expect(linesOf(resumed.out)).toEqual([
      'Terminó la pausa 2 (empresa 0001, del 02/03/2026 12:49:00 hasta el 02/03/2026 12:49:00, de ana: mudanza).',
      'Lo sigue reteniendo la pausa 1 (todo, del 02/03/2026 12:49:00 sin fin, de ana: corte).',
      'Para terminarla: vigia resume --everything',
    ]);
    await vigia('resume', '--everything', '--yes');
    expect((await vigia('resume', '--tenant', '0001', '--yes')).out).toBe(
      'No había ninguna pausa de exactamente eso: empresa 0001.\nNinguna pausa lo retiene: vigia next --tenant 0001 muestra lo que sale.\n',
    );
  });

  test.each([
    [['pause', '--why', 'x'], 2, 'Falta decir qué: --tenant, --alert, --channel o --everything.\n'],
    [['resume', '--everything', '--tenant', '0001'], 2, /^--everything va solo/],
    [['pause', '--everything'], 2, /^Falta la opción «--why <motivo>»/],
    [['pause', '--channel', '0009', '--why', 'x', '--yes'], 1, /^No existe ese canal/],
    [['pause', '--everything', '--why', ' ', '--yes'], 1, /: --why no puede quedar vacío\./],
    [
      ['pause', '--everything', '--until', 'x', '--why', 'x', '--yes'],
      1,
      /: --until debe ser una hora con su zona/,
    ],
    [
      ['pause', '--everything', '--until', '2026-01-01T00:00:00Z', '--why', 'x', '--yes'],
      1,
      /: --until debe estar en el futuro\.\n$/,
    ],
  ])('%j ends with %i and a sentence', async (args, code, sentence) => {
    const said: Said = await vigia(...args);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.error).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
  });
});

describe('scan', () => {
  test('tells what a scan would do with each alert, and does nothing', async () => {
    const { code, out } = await vigia('scan');
    expect(code).toBe(0);
    expect(linesOf(out)).toEqual([
      expect.stringMatching(/^Un ciclo del 02\/03\/2026 12:49:00 \(hora de .+\) vería: \d+ /),
      '',
      'ALERTA  NOMBRE            EMPRESA  DECISIÓN  HORA DE LA EMPRESA   QUÉ PASARÍA',
      expect.stringMatching(/^000001  Facturas impagas  0001     \S+ +0\d\/03\/2026 12:49:00  \S/),
      'No se hizo nada: vigia scan --real hace un ciclo ahora.',
    ]);
    expect((await vigia('scan', '--decision', 'ilegible', '--decision', 'missed')).out).not.toContain(
      '000001',
    );
    expect(world.messages).toEqual([]);
  });

  test('a real one asks first with what is due, then says what was done', async () => {
    const { vigia: asking, questions } = asked('sí');
    const { code, out } = await asking('scan', '--real');
    expect(questions).toEqual([
      `¿Hacer un ciclo ahora, ${server} Le toca a 1 (0 con atraso), y 0 se darían por perdidas. [s/N] `,
    ]);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        /^Ciclo hecho en \d+ ms: 1 ejecuciones empezadas, 0 perdidas, 0 retomadas\.\nvigia executions muestra cómo terminan\.\n$/,
      ) as string,
    });
    expect(world.messages).toHaveLength(1);
  });

  test.each([
    [
      ['scan', '--real', '--tenant', '0001'],
      2,
      'Con --real no va --tenant: un ciclo es de ahora, y de todo.\n',
    ],
    [['scan', '--decision', 'x'], 2, /^«x» no es ninguno de estos: sale, atrasada, /],
    [['scan', '--cursor', 'x'], 1, /: --cursor debe ser lo que dijo la página anterior\./],
    [['scan', '--tenant', 'NADA'], 1, /^No existe esa empresa/],
  ])('%j ends with %i and a sentence', async (args, code, sentence) => {
    const said: Said = await vigia(...args);
    expect(said).toMatchObject({ code, out: '' });
    expect(said.error).toEqual(sentence instanceof RegExp ? expect.stringMatching(sentence) : sentence);
  });
});

test('cancel asks with what it is about, and says what is not sent any more and what to do', async () => {
  const { vigia: asking, questions } = asked('sí');
  const { code, out } = await asking('cancel', '1', '--why', 'dato equivocado');
  expect(questions).toEqual([`¿Cancelar la ejecución 1 de la alerta 000001, empresa 0001, ${server} [s/N] `]);
  expect({ code, out }).toEqual({
    code: 0,
    out: 'Ejecución 1 cancelada (CANCELADA): ya no se envía.\nEsa hora no vuelve a salir sola: vigia resend 1 la envía a quienes faltan.\n',
  });
  expect(await vigia('cancel', '1', '--yes')).toMatchObject({
    code: 1,
    error: expect.stringMatching(/^La ejecución ya terminó \(execution_finished\)/) as string,
  });
  expect((await vigia('executions', '1')).out).toContain('La canceló ana: dato equivocado.');
});

test('cancel tells a prepared execution’s people, those who have it and those who will not', async () => {
  const id = 2;
  await vigia('run', '000001', '--yes');
  await world.dispatch(id);
  await sql`
    UPDATE CT_Scheduler_Alertas SET sch_Estado = 'EN_PROCESO', sch_Revisar = '2026-03-02T16:00:00' WHERE sch_id = ${id};
    UPDATE CT_Alertas_Mensajes SET msg_Estado = 'REINTENTO', msg_ProximoIntento = '2026-03-02T16:00:00'
    WHERE msgsch_id = ${id} AND msgper_Cod = '02'`.execute(world.db);
  const { vigia: asking, questions } = asked('sí');
  const { out } = await asking('cancel', String(id));
  expect(questions[0]).toMatch(/ Quedan sin recibirla: 1 persona\. \[s\/N\] $/);
  expect(out).toMatch(
    /^Ejecución \d+ cancelada \(PARCIAL\): ya no se envía a 1 persona; ya estaba aceptada para 1 persona\.\n/,
  );
});

describe('faults', () => {
  test('are listed newest first, by state as operators say it', async () => {
    const { out } = await vigia('faults', '--state', 'espera', '--to', '2026-03-02T12:30:00Z');
    expect(linesOf(out)).toEqual([
      'N.º  CUÁNDO               AVISO   EMPRESA  ALERTA  MOTIVO          QUÉ PASÓ',
      '  2  02/03/2026 09:01:00  espera  -        -       mensaje_ajeno   Un mensaje que no es nuestro',
      '  1  02/03/2026 09:00:00  espera  0001     000001  consulta_error  La consulta dice que no existe la columna Saldo',
    ]);
    expect((await vigia('faults', '--state', 'reported')).out).toBe('No hay ninguna.\n');
  });

  test('one is told in full', async () => {
    expect(linesOf((await vigia('faults', '1')).out)).toEqual([
      'Falla 1, consulta_error, 02/03/2026 09:00:00, empresa 0001, alerta 000001, ejecución 7',
      'La consulta dice que no existe la columna Saldo',
      'Espera el correo a los administradores.',
      'Horas de America/Argentina/Buenos_Aires',
    ]);
  });

  test('discard and retry ask about the fault by name, and say what becomes of it', async () => {
    const { vigia: asking, questions } = asked('sí');
    const nudged = world.nudges.length;
    expect((await asking('faults', 'discard', '1', '--why', 'ya se sabe')).out).toBe(
      'Falla 1 descartada: no se avisa a nadie. Si fue por error: vigia faults retry 1\n',
    );
    expect((await vigia('faults', '1')).out).toContain(
      '\nDescartada el 02/03/2026 12:49:00 por ana: ya se sabe\n',
    );
    expect((await asking('faults', 'retry', '1')).out).toMatch(/^El aviso de la falla 1 está por salir/);
    const named =
      'la falla 1 (consulta_error, empresa 0001, alerta 000001, ejecución 7: La consulta dice que no existe la columna Saldo)';
    expect(questions).toEqual([
      `¿No avisar a nadie de ${named}, ${server} [s/N] `,
      `¿Mandar ahora a los administradores el aviso de ${named}, ${server} [s/N] `,
    ]);
    expect(world.nudges).toHaveLength(nudged + 1);
  });

  test('--json is what the API answers, also behind the words of an act', async () => {
    const { code, out } = await vigia('faults', 'retry', '2', '--yes', '--json');
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({ code: 0, id: 2, state: 'waiting' });
  });
});

describe('check', () => {
  test('tells that the database answers, how fast, and what it found', async () => {
    const { code, out } = await vigia('check', '0001', '--person', '01');
    expect(out).toMatch(/^Empresa 0001 «.+»\nIngreso +en \d+ ms\nServidor +SQL Server /);
    expect(out).toMatch(/\nPersona +01 Persona 01 Ñandú, contactos: 1, en \d+ ms\n/);
    expect({ code, last: linesOf(out).at(-1) }).toEqual({
      code: 0,
      last: 'La base responde y sus alertas pueden salir.',
    });
  });

  test('ends with 1 when nothing can go out, with what to do', async () => {
    await sql`UPDATE CT_Empresas SET emp_Conexion = 'Server=' WHERE emp_Cod = '0001'`.execute(world.db);
    const { code, out, error } = await vigia('check', '0001');
    expect(out).toMatch(/\nIngreso +no se pudo\n✘ .+ \(empresa_conexion_invalida\) .+\n$/);
    expect({ code, error }).toEqual({
      code: 1,
      error: 'Así no sale nada de la empresa 0001: corrija lo marcado y repita vigia check 0001.\n',
    });
    const json = await vigia('check', '0001', '--json');
    expect({ ...json, out: JSON.parse(json.out) as unknown }).toMatchObject({
      code: 1,
      out: { ok: false, tenant: '0001' },
      error: '',
    });
    await sql`UPDATE CT_Empresas SET emp_Conexion = ${erp.connection} WHERE emp_Cod = '0001'`.execute(
      world.db,
    );
  });
});

test('status names first what waits, for what, and until when', async () => {
  await sql`
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Motivo, sch_Revisar, sch_LeaseHasta)
    VALUES ('000001', 'EN_PROCESO', 'empresa_no_disponible', '2026-03-02T16:00:00', '2026-03-02T15:51:00');
    INSERT INTO CT_Scheduler_Alertas (schcfg_Cod, sch_Estado, sch_Preparada, sch_PayloadJson)
    VALUES ('000001', 'EN_PROCESO', '2026-03-02T12:00:00', N'{"webhook":"W7"}');
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msg_Destino, msg_Estado, msg_Error, msg_ProximoIntento)
    SELECT sch_id, '1', 'REINTENTO', N'webhook_fallo: respondió 500', '2026-03-02T15:55:00'
    FROM CT_Scheduler_Alertas WHERE sch_PayloadJson = N'{"webhook":"W7"}'`.execute(world.db);
  const lines = linesOf((await vigia('status')).out);
  expect(lines.slice(lines.indexOf('') + 1, -3)).toEqual([
    'EMPRESA QUE ESPERA  MOTIVO                 EJECUCIONES  PRÓXIMO INTENTO',
    '0001                empresa_no_disponible            1  02/03/2026 12:51:00',
    '',
    'WEBHOOK QUE ESPERA  MOTIVO         EJECUCIONES  MENSAJES  PRÓXIMO INTENTO',
    'W7                  webhook_fallo            1         1  02/03/2026 12:55:00',
  ]);
});

test('audit tells who did what, newest first', async () => {
  const { out } = await vigia('audit', '--limit', '100');
  const lines = linesOf(out);
  expect(lines[0]).toMatch(/^CUÁNDO +QUIÉN +QUÉ HIZO +CON QUÉ +DETALLE$/);
  expect(lines.slice(1).map((line) => line.split(/ {2,}/).slice(1).join(' | '))).toEqual(
    expect.arrayContaining([
      'ana | pause | empresa 0001 | why: mudanza, until: 2026-03-02T17:19:00Z',
      'ana | pause | todo | why: corte',
      'ana | cancel | ejecución 1 | why: dato equivocado',
      'ana | fault.discard | falla 1 | why: ya se sabe',
      'ana | scan | todo | -',
    ]),
  );
  const first = await vigia('audit', '--limit', '1');
  expect(first.out).toMatch(/\nHay más: --cursor \d+\n$/);
});

test('a terminal that is narrow is told of the row that is wrong all the same', async () => {
  await sql`INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod, cfg_TipoDisparo) VALUES ('BAD', '0001', 'NUNCA')`.execute(
    world.db,
  );
  const { vigia: narrow } = cliOver(world, { columns: 80 });
  expect((await narrow('problems')).out).toMatch(/\nConfig BAD +cfg_Tipo\S+ +0001 /);
});

test.each([60, 80])('in a terminal of %i columns no line of a table is wider', async (columns) => {
  const { vigia: narrow } = cliOver(world, { columns });
  for (const args of [
    ['executions'],
    ['executions', '2'],
    ['faults'],
    ['audit'],
    ['scan'],
    ['next', '--to', '2026-03-05T00:00:00Z'],
    ['problems'],
  ]) {
    const { code, out } = await narrow(...args);
    expect(code).toBe(0);
    const tables = linesOf(out).filter((line) => / {2}|…/.test(line));
    const wide = tables.filter((line) => line.length >= columns);
    expect({ args, isCut: out.includes('…'), wide }).toEqual({ args, isCut: true, wide: [] });
  }
});
