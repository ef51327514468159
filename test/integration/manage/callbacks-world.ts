import { createHmac, randomUUID } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { ControlSchema } from '../../../src/adapters/mssql/schema.ts';
import type { CallbackSettings } from '../../../src/manage/callbacks/receive-callbacks.ts';
import { buildCallbacks, buildEarlyNews } from '../../../src/wiring/build-callbacks.ts';
import { controlDatabase } from '../../support/control-database.ts';
import { keptLog } from '../../support/kept-log.ts';
import { clockAt } from '../../support/moved-clock.ts';

export const newSecret = 'whsec_c2VjcmV0by1udWV2by1kZS1wcnVlYmE=';
export const oldSecret = 'un-secreto-viejo-de-prueba';
const appSecret = '0123456789abcdef0123456789abcdef';
export const verifyToken = 'una-clave-de-suscripcion';

const settings: CallbackSettings & { timeZone: string } = {
  secrets: [newSecret, oldSecret],
  whatsapp: { appSecrets: [appSecret], verifyToken },
  timeZone: 'America/Argentina/Buenos_Aires',
};

interface Answer {
  status: number;
  body: unknown;
}

/** What a delivery is made of; the rest of its row is as dispatch writes it. */
export interface Delivery {
  state?: string;
  wamid?: string | null;
  alert?: string;
  webhookId?: string;
  /** msgsch_id; null = a row of the system before us. */
  execution?: number | null;
  /** msgmsg_id */
  repeats?: number;
}

export type CallbacksWorld = Awaited<ReturnType<typeof callbacksWorld>>;

/**
 * The call-backs over a control database of their own, at 12:49 in Buenos Aires, with an alert 000001 of a tenant without
 * zone and 000002 of one in Lisbon.
 */
export async function callbacksWorld() {
  const database = await controlDatabase();
  const { db } = database;
  const clock = clockAt('2026-03-02T15:49:00Z');
  const log = keptLog();
  const strike = async (text: string) => text.replaceAll(newSecret, '•••');
  const over = (more: Partial<typeof settings>, from: Kysely<ControlSchema> = db) =>
    buildCallbacks({ ...settings, ...more }, { clock, log, db: from, strike }, async () => undefined);
  const early = buildEarlyNews(settings.timeZone, { clock, log, db });
  await sql`
    INSERT INTO CT_Empresas (emp_Cod, emp_Nombre, emp_ZonaHoraria) VALUES ('E1', 'Norte', NULL), ('E2', 'Sul', 'Europe/Lisbon');
    INSERT INTO CT_Alertas_Config (cfg_Cod, cfgemp_Cod) VALUES ('000001', 'E1'), ('000002', 'E2')`.execute(
    db,
  );
  return {
    db,
    clock,
    log,
    over,
    raiseEarlyNews: () => early(clock.now()),
    /** Inserts deliveries and gives their ids. */
    deliveries: async (rows: readonly Delivery[]) => await insertDeliveries(db, rows),
    delivery: async (id: number) =>
      await db
        .selectFrom('CT_Alertas_Mensajes')
        .selectAll()
        .where('msg_id', '=', id)
        .executeTakeFirstOrThrow(),
    /** Our own shape, signed as the standard's library does it. */
    tell: async (events: unknown, { secret = newSecret, receive = over({}) } = {}) =>
      await send(receive, ownCall(JSON.stringify({ events }), secret, clock.now().epochMilliseconds)),
    /** WhatsApp's shape, as text or to be made one, signed as Meta does it. */
    notify: async (value: unknown, { receive = over({}) } = {}) => {
      const body = JSON.stringify(notification(value));
      return await send(receive, { body, headers: { 'x-hub-signature-256': metaSignature(body) } });
    },
    send: async (call: Call, receive = over({})) => await send(receive, call),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

interface Call {
  body?: string;
  headers?: Record<string, string>;
  method?: string;
  query?: string;
}

async function send(
  receive: (request: Request) => Promise<Response>,
  { body, headers = {}, method = 'POST', query = '' }: Call,
): Promise<Answer> {
  const url = `http://vigia.test/api/callbacks/messages${query}`;
  const answer = await receive(
    new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }),
  );
  const text = await answer.text();
  return {
    status: answer.status,
    body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text,
  };
}

export function ownCall(body: string, secret: string, atMs: number) {
  const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(secret, { format: 'raw' });
  const id = randomUUID();
  return {
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(atMs / 1000)),
      'webhook-signature': webhook.sign(id, new Date(atMs), body),
    },
  };
}

export function metaSignature(body: string, secret = appSecret): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export function notification(value: unknown) {
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  };
}

const inserted = z.array(z.object({ msg_id: z.number() }));

async function insertDeliveries(
  db: Kysely<ControlSchema>,
  deliveries: readonly Delivery[],
): Promise<number[]> {
  const rows = deliveries.map(
    (
      { state = 'ENVIADO', wamid = null, alert = '000001', webhookId = randomUUID(), execution = 1, repeats },
      place,
    ) => ({
      state,
      wamid,
      alert,
      webhookId,
      execution,
      repeats,
      person: `P${place}`,
      destination: `+549115555${place}-${webhookId}`,
    }),
  );
  const { rows: made } = await sql`
    INSERT INTO CT_Alertas_Mensajes (msgsch_id, msgcfg_Cod, msgper_Cod, msgper_Nombre, msg_Destino, msg_Estado, msg_Wamid,
      msg_Uuid, msgmsg_id, msg_ProximoIntento)
    OUTPUT inserted.msg_id
    SELECT d.execution, d.alert, d.person, 'Juan Pérez', d.destination, d.state, d.wamid, d.webhookId, d.repeats,
      CASE WHEN d.state IN ('PENDIENTE', 'REINTENTO') THEN CAST('2026-03-02T15:50:00' AS DATETIME2(3)) END
    FROM OPENJSON(${JSON.stringify(rows)}) WITH (
      execution INT, alert VARCHAR(6), person VARCHAR(50), destination VARCHAR(320), state VARCHAR(20), wamid VARCHAR(100),
      webhookId UNIQUEIDENTIFIER, repeats INT
    ) d`.execute(db);
  return inserted
    .parse(made)
    .map(({ msg_id }) => msg_id)
    .sort((a, b) => a - b);
}
