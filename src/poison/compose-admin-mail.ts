import type { Temporal } from 'temporal-polyfill';
import { isZone } from '../domain/is-zone.ts';
import { inSpanish, reasonSentence } from '../domain/reason-in-spanish.ts';
import { isReason } from '../domain/reason.ts';
import type { MailDecision } from './decide-mail.ts';
import { escapeHtml, oneLine, shortLine } from './escape.ts';
import type { Incident } from './incident.ts';
import type { IncidentReport, ReportedExecution, ReportedFault } from './read-report.ts';
import type { Mail } from './send-mail.ts';

export type DueMail = Exclude<MailDecision, { kind: 'none' }>;

/** One fault as both parts of the mail show it. */
interface Entry {
  title: string;
  lines: readonly string[];
}

/** The mail in words, before it is text or HTML: each a line of its own. */
interface Content {
  heading: string;
  summary: readonly string[];
  entries: readonly Entry[];
  more: number;
  advice: string;
}

/** The report of an incident as a mail: HTML and text say the same. Times are those of the tenant. */
export function composeAdminMail(
  due: DueMail,
  incident: Incident,
  report: IncidentReport,
  defaultZone: string,
): Mail {
  const zone = report.zone !== null && isZone(report.zone) ? report.zone : defaultZone;
  const content = contentOf(due, incident, report, zone);
  return {
    subject: shortLine(`[Vigía] ${content.heading}`, 200),
    html: htmlOf(content),
    text: textOf(content),
  };
}

function contentOf(due: DueMail, incident: Incident, report: IncidentReport, zone: string): Content {
  const { what, advice } = wordsOf(incident.reason);
  const subject = incident.tenant === '' ? what : `${report.tenantName ?? incident.tenant}: ${what}`;
  return {
    heading: oneLine(`${prefixOf(due, report)}${subject}`),
    summary: [
      ...companyLine(incident, report),
      `Motivo: ${what} (${incident.reason})`,
      timesLine(incident, zone),
      countLine(due, incident, report),
      ...closingLine(due),
      ...askedLine(due, incident),
    ].map(oneLine),
    entries: report.faults.map((fault) => entryOf(fault, incident.reason, zone)),
    more: report.unreported - report.faults.length,
    advice: due.kind === 'closing' && due.because === 'recovered' ? adviceAfterRecovery : advice,
  };
}

const adviceAfterRecovery =
  'Lo que no se entregó mientras fallaba no sale solo: reenvíelo si todavía hace falta.';

/** A code that this version does not know is told all the same. */
function wordsOf(reason: string): { what: string; advice: string } {
  return isReason(reason) ? inSpanish[reason] : { what: reason, advice: 'Vea el detalle.' };
}

function timesLine({ since, lastFault, faults }: Incident, zone: string): string {
  const [first, last] = [timeIn(zone, since), timeIn(zone, lastFault)];
  const times = faults === 1 ? `Cuándo: ${last}` : `Desde: ${first}. Última falla: ${last}`;
  return `${times} (hora de ${zone}).`;
}

function countLine(due: DueMail, { faults }: Incident, { unreported }: IncidentReport): string {
  if (due.kind === 'asked') return `Fallas: ${faults}, de ellas ${unreported} en este informe.`;
  if (unreported === faults) return `Fallas: ${faults}.`;
  if (unreported === 0) return `Fallas: ${faults}, ya informadas.`;
  return `Fallas: ${faults}, de ellas ${unreported} ${unreported === 1 ? 'nueva' : 'nuevas'}.`;
}

function companyLine({ tenant }: Incident, { tenantName }: IncidentReport): string[] {
  if (tenant === '') return [];
  return [tenantName === null ? `Empresa: ${tenant}` : `Empresa: ${tenantName} (${tenant})`];
}

function prefixOf(due: DueMail, { unreported }: IncidentReport): string {
  switch (due.kind) {
    case 'opening':
      return '';
    case 'digest':
      return `Sigue (${unreported} ${unreported === 1 ? 'falla nueva' : 'fallas nuevas'}): `;
    case 'asked':
      return 'A pedido: ';
    case 'closing':
      return 'Terminó: ';
  }
}

function closingLine(due: DueMail): string[] {
  if (due.kind !== 'closing') return [];
  return [
    due.because === 'recovered'
      ? 'Lo que fallaba volvió a funcionar.'
      : 'No hubo fallas nuevas en la última hora, así que este incidente se da por terminado.',
  ];
}

function askedLine(due: DueMail, { ended }: Incident): string[] {
  if (due.kind !== 'asked') return [];
  const asked = 'Un operador pidió este informe: no son fallas nuevas.';
  return [ended ? `${asked} El incidente ya terminó.` : asked];
}

/** Reasons whose detail only counts the deliveries, as they stood then. */
const tallied: ReadonlySet<string> = new Set(['entregas_fallidas', 'sin_contacto', 'sin_contactos_utiles']);

function entryOf(fault: ReportedFault, reason: string, zone: string): Entry {
  const { alert, execution, detail, body } = fault;
  const name = alert ? [alert.code, alert.name].filter(Boolean).join(' ') : 'Sin alerta';
  const which = execution ? `, ejecución ${execution.id}` : '';
  const counted = execution !== null && totalOf(execution) > 0 && tallied.has(reason);
  const lines = [
    ...(execution?.instant ? [`Debía salir: ${timeIn(zone, execution.instant)}`] : []),
    ...(detail === '' || counted ? [] : [detail]),
    ...(execution ? deliveryLines(execution) : []),
    ...(body === null ? [] : [`Contenido: ${shortLine(body, 500)}`]),
  ];
  return { title: oneLine(`${name}${which} — ${timeIn(zone, fault.at)}`), lines: lines.map(oneLine) };
}

function totalOf({ accepted, open, notAccepted }: ReportedExecution): number {
  return accepted + open + notAccepted;
}

function deliveryLines(execution: ReportedExecution): string[] {
  const { accepted, open, notAccepted, failures } = execution;
  const total = totalOf(execution);
  if (total === 0) return ['No se entregó nada.'];
  const more = notAccepted - failures.length;
  return [
    `Entregados: ${accepted} de ${total}${open === 0 ? '' : `; con más intentos por delante: ${open}`}.`,
    ...failures.map(({ person, error }) => {
      const why = error === '' ? '' : `: ${reasonSentence(error)}`;
      return `Sin entregar a ${person === '' ? 'alguien sin nombre' : person}${why}.`;
    }),
    ...(more > 0 ? [`Sin entregar a ${more} más: están en CT_Alertas_Mensajes.`] : []),
  ];
}

function timeIn(zone: string, instant: Temporal.Instant): string {
  const { day, month, year, hour, minute, second } = instant.toZonedDateTimeISO(zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(day)}/${two(month)}/${year} ${two(hour)}:${two(minute)}:${two(second)}`;
}

function moreLine(more: number): string[] {
  return more > 0
    ? [`… y ${more} ${more === 1 ? 'falla' : 'fallas'} más: están en CT_Scheduler_Fallas.`]
    : [];
}

function textOf({ heading, summary, entries, more, advice }: Content): string {
  const parts = entries.map(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].join('\n'));
  return [heading, summary.join('\n'), ...parts, ...moreLine(more), `Qué hacer: ${advice}`].join('\n\n');
}

function htmlOf({ heading, summary, entries, more, advice }: Content): string {
  const rows = entries.map(
    ({ title, lines }) =>
      `<tr><td style="padding:8px;border-top:1px solid #ddd"><b>${escapeHtml(title)}</b>` +
      `${lines.map((line) => `<br>${escapeHtml(line)}`).join('')}</td></tr>`,
  );
  return `<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>${escapeHtml(heading)}</title></head>
<body style="font-family:sans-serif;color:#222;max-width:45em">
<h2>${escapeHtml(heading)}</h2>
<p>${summary.map(escapeHtml).join('<br>')}</p>
<table style="border-collapse:collapse;width:100%">${rows.join('\n')}</table>
${moreLine(more)
  .map((line) => `<p>${escapeHtml(line)}</p>`)
  .join('')}
<p><b>Qué hacer:</b> ${escapeHtml(advice)}</p>
</body></html>`;
}
