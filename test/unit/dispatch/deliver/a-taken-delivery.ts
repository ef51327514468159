import type { TakenDelivery } from '../../../../src/dispatch/deliver/take-deliveries.ts';
import type { Payload } from '../../../../src/dispatch/message/payload.ts';

export const payload: Payload = {
  tenant: '0001',
  webhook: 'W1',
  channel: '0001',
  whatsappTemplate: null,
  format: { kind: 'cloudevents' },
  data: {
    alerta: { codigo: '000001', nombre: 'A', tipo: 'T' },
    empresa: { codigo: '0001', nombre: 'E' },
    ocurrencia: '2026-03-02T12:49:00-03:00',
    filas: { columns: [], rows: [], truncated: false },
  },
};

export function aTakenDelivery(id: number, webhookId = 'id'): TakenDelivery {
  return {
    id,
    webhookId,
    person: '01',
    personName: 'P',
    destination: '+541',
    subject: null,
    text: 'Hola',
    rows: null,
    attempts: 0,
  };
}
