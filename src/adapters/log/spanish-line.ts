import type { LogFields } from '../../core/logger.ts';
import { reasonSentence, withinSentence } from '../../domain/reason-in-spanish.ts';

/** null = nothing to tell a person. */
type Line = (fields: LogFields) => string | null;

const lines: Readonly<Record<string, Line>> = {
  'alert.claimed': ({ alert, at }) => `📋 ${alert} para las ${timeOf(at)}`,
  'alert.invalid': ({ alert, problem }) => `⚠ ${alert}: ${problem}`,
  'occurrence.missed': ({ alert, at, reason }) =>
    `⚠ ${alert} perdida, era para el ${dayOf(at)}: ${why(reason)}`,
  'execution.moved': ({ executionId, to }) => `📋 ejecución ${executionId} movida a las ${timeOf(to)}`,
  'execution.cancelled': ({ executionId, alert, reason }) =>
    `⏹ ${alert ?? `ejecución ${executionId}`} cancelada${because(reason)}`,
  'execution.expired': ({ executionId }) => `⚠ ejecución ${executionId} perdida: ${why('abierta_tarde')}`,
  'execution.waiting': ({ alert, reason, until }) =>
    `⏳ ${alert} espera hasta las ${timeOf(until)}${because(reason)}`,
  'execution.finished': finishedLine,
  'delivery.accepted': (fields) => `✅ ${whom(fields)} ${fields['ms']} ms`,
  'delivery.retry': (fields) =>
    `↻ ${whom(fields)}: ${whyOf(fields)}; reintento en ${duration(Number(fields['inSeconds']))}`,
  'delivery.rejected': (fields) => `❌ ${whom(fields)}: ${whyOf(fields)}`,
  'delivery.sent': (fields) => `✓ ${toWhom(fields)}: enviado`,
  'delivery.delivered': (fields) => `✓✓ ${toWhom(fields)}: entregado`,
  'delivery.read': (fields) => `👁 ${toWhom(fields)}: leído`,
  'delivery.answered': (fields) => `💬 ${toWhom(fields)}: respondió`,
  'delivery.undelivered': (fields) => `❌ ${toWhom(fields)}: ${why('entrega_fallida')}`,
  'callbacks.received': () => null,
  'callbacks.refused': ({ refused, code }) =>
    `⚠ ${count(Number(refused), 'llamada rechazada', 'llamadas rechazadas')} en /api/callbacks/messages (${code})`,
  'callbacks.failed': () => '⚠ no se pudo guardar lo que contó un servicio de mensajería',
  'tenant.writable-login': ({ tenant, rights }) =>
    `⚠ el usuario de la empresa ${tenant} puede escribir: ${rights}`,
  'config.lacking': ({ setting, why: cause }) =>
    `⚠ ${cause === 'missing' ? `falta ${setting}` : `el Key Vault no dio ${setting}`}: «npx vigia problems» dice qué no funciona sin él`,
  'message.ignored': () => null,
  'message.foreign': () => '⚠ llegó a la cola un mensaje que no es de Vigía',
  'scan.finished': ({ failures }) => (failures ? `⚠ ciclo con fallas: ${failures}` : null),
  'records.forgotten': ({ executions, deliveries, others }) =>
    `🧹 registros viejos borrados: ${executions} ejecuciones, ${deliveries} entregas, ${others} fallas y otros`,
  'heartbeat.failed': ({ why: cause }) => `⚠ el monitor de HEARTBEAT_URL no responde (${cause})`,
  'heartbeat.recovered': () => '✅ el monitor de HEARTBEAT_URL responde otra vez',
  'mail.sent': ({ subject, accepted }) =>
    `📧 ${subject} → ${count(Number(accepted), 'administrador', 'administradores')}`,
  'mail.refused': ({ addresses }) =>
    `⚠ el servidor de correo no aceptó «${addresses}»: revise adm_Email en CT_Alertas_Admin_Emails`,
  'mail.not-configured': ({ faults }) =>
    `⚠ ${count(Number(faults), 'falla queda', 'fallas quedan')} sin informar: el correo no está configurado («npx vigia problems» dice qué falta)`,
  'mail.no-administrators': ({ tenant }) =>
    `⚠ nadie a quien escribir${tenant ? ` por la empresa ${tenant}` : ''}: CT_Alertas_Admin_Emails no tiene activos`,
  'manage.acted': ({ act, who, on }) => `✋ ${who}: ${act} ${on}`,
  'manage.failed': ({ method, path, leftOut }) =>
    `⚠ ${method} ${path} no se pudo atender${leftOut === undefined ? '' : ` (y ${count(Number(leftOut), 'pedido', 'pedidos')} antes)`}: la causa va abajo`,
  'health.no-scan': ({ lastScan }) =>
    lastScan === 'never'
      ? '⚠ todavía no terminó ningún ciclo'
      : `⚠ ningún ciclo terminó desde el ${dayOf(lastScan)}`,
  'status.queues-unknown': () => '⚠ la cuenta de almacenamiento no responde: no se sabe qué hay en las colas',
  'health.failing': () => '⚠ no se llega a la base de control o a la cola',
};

/** An event as a line for people, without the time. Events without words of their own are shown as they are. */
export function spanishLine(
  level: 'info' | 'warn' | 'error',
  event: string,
  fields: LogFields,
): string | null {
  const line = lines[event];
  if (line) return line(fields);
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined);
  return [level === 'info' ? '·' : '⚠', event, ...shown.map(([name, value]) => `${name}=${value}`)].join(' ');
}

/** The detail names what is wrong; where deliveries were stored, their own lines have told it. */
function finishedLine({ alert, state, reason, detail, accepted, total }: LogFields): string | null {
  const states: Readonly<Record<string, string>> = {
    PARCIAL: `⚠ ${alert}, ${accepted} de ${total} entregados`,
    ERROR: `❌ ${alert}`,
    OMITIDA: `⏭ ${alert} omitida`,
    PERDIDA: `⚠ ${alert} perdida`,
    CANCELADA: `⏹ ${alert} cancelada`,
  };
  const text = states[String(state)];
  if (text === undefined) return null;
  const isToMend = state === 'ERROR' || state === 'OMITIDA';
  const more = isToMend && !total && typeof detail === 'string' ? ` (${withinSentence(detail)})` : '';
  return `${text}${because(reason)}${more}`;
}

function toWhom({ alert, person, personName }: LogFields): string {
  return `${alert} → ${personName || person}`;
}

function whom({ alert, person, personName, channel, test }: LogFields): string {
  const channels: Readonly<Record<string, string>> = { whatsapp: 'WhatsApp', email: 'e-mail', sms: 'SMS' };
  const by = channels[String(channel)] ?? channel;
  if (test === true) return `prueba de ${alert}, escrita para ${personName || person} (${by})`;
  return `${alert} → ${personName || person} (${by})`;
}

function because(reason: LogFields[string]): string {
  return reason === undefined ? '' : `: ${why(reason)}`;
}

/** What the webhook did, where it is known; else what the reason stands for. */
function whyOf({ reason, detail }: LogFields): string {
  return typeof detail === 'string' ? withinSentence(detail) : why(reason);
}

function why(reason: LogFields[string]): string {
  return reasonSentence(String(reason));
}

/** Of an ISO 8601 time, as written: no zone is applied. */
function timeOf(at: LogFields[string]): string {
  return /T(\d{2}:\d{2}:\d{2})/.exec(String(at))?.[1] ?? String(at);
}

function dayOf(at: LogFields[string]): string {
  return String(at).slice(0, 16).replace('T', ' ');
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
