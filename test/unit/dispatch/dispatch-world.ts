import { Temporal } from 'temporal-polyfill';
import { dispatchAlert, type DispatchPorts } from '../../../src/dispatch/dispatch-alert.ts';
import type { DeliveryAnswer, WebhookCall } from '../../../src/dispatch/deliver/deliver-webhook.ts';
import type { DispatchPolicy } from '../../../src/dispatch/dispatch-policy.ts';
import type { OpenedExecution } from '../../../src/dispatch/open-execution.ts';
import type { Person } from '../../../src/dispatch/prepare/lookup-recipients.ts';
import { dispatchSeats } from '../../../src/dispatch/seats.ts';
import type { LogFields } from '../../../src/core/logger.ts';
import type { Fault } from '../../../src/domain/fault.ts';
import { daily } from '../../support/alert-rows.ts';
import { dispatchPolicy } from '../../support/dispatch-policy.ts';
import { clockAt } from '../../support/moved-clock.ts';
import { MemoryStore } from './memory-store.ts';

export const instant = '2026-03-02T15:49:00Z';

export const policy: DispatchPolicy = { ...dispatchPolicy, callsAtOnce: 8 };

export function person(code: string, phone: string | null = `+549115555${code}`): Person {
  return { code, name: `Persona ${code}`, contacts: [{ code: '1', phone, mail: null }] };
}

const configuration = {
  origin: 'AGENDA',
  request: null,
  key: '2026-03-02',
  alertCode: '000001',
  alert: {
    name: 'Facturas impagas',
    row: daily('12:49:00'),
    type: 'FAC',
    typeName: 'Facturas',
    channel: '0001',
    person: null,
    contact: null,
    profile: 'COB',
    maxRecipients: null,
  },
  tenant: {
    code: '0001',
    name: 'Farmacia Norte',
    connection: 'secreto',
    zone: 'America/Argentina/Buenos_Aires',
    country: 'AR',
    active: true,
  },
  webhook: {
    code: 'W1',
    url: 'https://gateway.test/hook',
    secret: null,
    headers: null,
    format: null,
    body: null,
    timeoutSeconds: null,
  },
  query: null,
  template: { code: 'P1', subject: null, body: 'Hola', whatsappTemplate: null },
  paused: false,
} satisfies Partial<OpenedExecution>;

export type Configuration = ConstructorParameters<typeof MemoryStore>[1];

export const answered = (status: number): DeliveryAnswer => ({
  kind: 'answered',
  status,
  body: '',
  retryAfter: null,
  ms: 5,
});

/** One execution, due at `instant`, with everything around it in memory. The clock stands at its instant. */
export function aDispatch(
  changes: { configuration?: Partial<Configuration>; ports?: Partial<DispatchPorts> } = {},
) {
  const clock = clockAt(instant);
  const store = new MemoryStore(clock.now(), { ...configuration, ...changes.configuration });
  const calls: WebhookCall[] = [];
  const messages: string[] = [];
  const faults: Fault[] = [];
  const events: { event: string; fields: LogFields }[] = [];
  const note = (event: string, fields: LogFields = {}) => void events.push({ event, fields });
  let ids = 0;

  const ports: DispatchPorts = {
    clock,
    policy,
    logger: { info: note, warn: note, error: note },
    seats: dispatchSeats(policy, clock),
    random: () => 0.5,
    newId: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    getSecret: () => undefined,
    lookupRecipients: async () => ({ kind: 'answer', value: [person('01'), person('02'), person('03')] }),
    runQuery: async () => ({
      kind: 'answer',
      value: { columns: [{ name: 'saldo' }], rows: [{ saldo: 10 }], truncated: false },
    }),
    chooseContact: async ({ contacts: [contact] }) =>
      contact?.phone
        ? { kind: 'usable', destination: contact.phone }
        : { kind: 'unusable', reason: 'sin_contacto', detail: 'sin celular' },
    renderMessage: async (template, _channel, data) => ({
      kind: 'rendered',
      subject: null,
      text: `${template.body} ${data.destinatario.nombre}`,
    }),
    composeBody: async (_format, content) => ({
      kind: 'composed',
      body: JSON.stringify(content),
      contentType: 'application/json',
    }),
    deliverWebhook: async (call) => {
      calls.push(call);
      return answered(200);
    },
    connectAhead: () => undefined,
    signAhead: (call) => call,
    openExecution: store.open,
    renewLease: store.renew,
    releaseLease: store.release,
    loadStoredDeliveries: store.loadStored,
    storeDeliveries: store.storeDeliveries,
    takeDeliveries: store.take,
    holdDeliveries: store.hold,
    recordOutcomes: store.record,
    closeExecution: async (closing) => {
      const closed = await store.close(closing);
      if (closed !== null && closing.fault) faults.push(closing.fault);
      return closed;
    },
    storeWait: store.wait,
    endRounds: store.endRounds,
    moveExecution: store.move,
    storeFaults: async (given) => void faults.push(...given),
    sendDispatch: async (executionId, at) => void messages.push(`${executionId} at ${at.toString()}`),
    nudgeReports: async () => undefined,
    ...changes.ports,
  };
  return {
    clock,
    store,
    calls,
    messages,
    faults,
    events,
    ports,
    /** One message of the queue, as the host hands it over. */
    dispatch: async (message: unknown = { executionId: 1 }) => await dispatchAlert(ports)(message),
  };
}

export function secondsAfter(seconds: number): string {
  return Temporal.Instant.from(instant)
    .add({ milliseconds: Math.round(seconds * 1000) })
    .toString();
}

/** State and reason that the execution ended with. */
export function closedAs(world: ReturnType<typeof aDispatch>): readonly [string, string | null] {
  const { state, closing } = world.store.execution;
  return [state, closing?.reason ?? null];
}
