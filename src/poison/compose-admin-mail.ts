import type { Temporal } from 'temporal-polyfill';
import { isZone } from '../domain/is-zone.ts';
import { inSpanish, reasonSentence } from '../domain/reason-in-spanish.ts';
import type { MailDecision } from './decide-mail.ts';
import { escapeHtml, oneLine } from './escape.ts';
import type { Incident } from './incident.ts';
import type { IncidentReport, ReportedExecution, ReportedFault } from './read-report.ts';
import type { Mail } from './send-mail.ts';

export type DueMail = Exclude<MailDecision, { kind: 'none' }>;

/** One fault as both parts of the mail show it. */
interface Entry {
  title: string;
  lines: readonly string[];
}

/** The mail in words, before it is text or HTML. Values from tables are raw here. */
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
    subject: oneLine(`[Vigía] ${content.heading}`).slice(0, 200),
    html: htmlOf(content),
    text: textOf(content),
  };
}

function contentOf(due: DueMail, incident: Incident, report: IncidentReport, zone: string): Content {
  const { what, advice } = inSpanish[incident.reason];
  const subject = incident.tenant === '' ? what : `${report.tenantName ?? incident.tenant}: ${what}`;
  return {
    heading: `${prefixOf(due, report)}${subject}`,
    summary: [
      ...companyLine(incident, report),
      `Motivo: ${what} (${incident.reason})`,
      `Desde: ${timeIn(zone, incident.since)}. Última falla: ${timeIn(zone, incident.lastFault)}.`,
      `Fallas en total: ${incident.faults}. En este correo: ${report.unreported}.`,
      ...closingLine(due),
    ],
    entries: report.faults.map((fault) => entryOf(fault, zone)),
    more: report.unreported - report.faults.length,
    advice: due.kind === 'closing' && due.because === 'recovered' ? 'No hace falta hacer nada más.' : advice,
  };
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

function entryOf(fault: ReportedFault, zone: string): Entry {
  const { alert, execution, detail, body } = fault;
  const name = alert ? [alert.code, alert.name].filter(Boolean).join(' ') : 'Sin alerta';
  return {
    title: `${name} — ${timeIn(zone, fault.at)}`,
    lines: [
      ...(execution?.instant ? [`Debía salir: ${timeIn(zone, execution.instant)}`] : []),
      ...(detail === '' ? [] : [detail]),
      ...(execution ? deliveryLines(execution) : []),
      ...(body === null ? [] : [`Contenido: ${oneLine(body).slice(0, 500)}`]),
    ],
  };
}

function deliveryLines({ id, accepted, open, notAccepted, failures }: ReportedExecution): string[] {
  const all = accepted + open + notAccepted;
  if (all === 0) return [`Ejecución ${id}: no se entregó nada.`];
  const waiting = open === 0 ? '' : `, ${open} con más intentos por delante`;
  return [
    `Ejecución ${id}: ${accepted} de ${all} entregados, ${notAccepted} sin entregar${waiting}.`,
    ...failures.map(
      ({ person, error }) => `Sin entregar: ${person}${error === '' ? '' : ` (${reasonSentence(error)})`}`,
    ),
  ];
}

function timeIn(zone: string, instant: Temporal.Instant): string {
  const { day, month, year, hour, minute, second } = instant.toZonedDateTimeISO(zone);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(day)}/${two(month)}/${year} ${two(hour)}:${two(minute)}:${two(second)}`;
}

function moreLine(more: number): string[] {
  return more > 0 ? [`… y ${more} más: están en CT_Scheduler_Fallas.`] : [];
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
