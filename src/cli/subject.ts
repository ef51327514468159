import { AlertDetails } from '../manage/contract/alerts.ts';
import { CommandEnd, exitCodes } from './command-end.ts';
import type { Session } from './session.ts';
import { safe } from './table.ts';
import { unlessUnseen } from './unless-unseen.ts';

/** What a pause is about; nothing named: everything. */
export interface Subject {
  tenant?: string | null;
  alert?: string | null;
  channel?: string | null;
}

/** `empresa E01, canal 0002`, `todo` */
export function subjectText({ tenant, alert, channel }: Subject): string {
  const parts = [tenant && `empresa ${tenant}`, alert && `alerta ${alert}`, channel && `canal ${channel}`];
  return safe(parts.filter(Boolean).join(', ')) || 'todo';
}

/** As the command line takes it: `--tenant E01`, `--everything` */
export function subjectOptions({ tenant, alert, channel }: Subject): string {
  const parts = [
    tenant && `--tenant ${tenant}`,
    alert && `--alert ${alert}`,
    channel && `--channel ${channel}`,
  ];
  return safe(parts.filter(Boolean).join(' ')) || '--everything';
}

/** Throws CommandEnd unless something is named, or everything is. */
export function namedSubject({ everything, ...named }: Subject & { everything?: boolean }): Subject {
  const namesSomething = Object.values(named).some((code) => code !== undefined);
  if (namesSomething !== (everything === true)) return named;
  throw new CommandEnd(
    exitCodes.usage,
    namesSomething
      ? '--everything va solo: sin --tenant, --alert ni --channel.'
      : 'Falta decir qué: --tenant, --alert, --channel o --everything.',
  );
}

/** The same for whoever is asked: an alert with its name and its tenant. Throws CommandEnd: there is no such alert. */
export async function knownSubjectText(subject: Subject, { ask }: Session): Promise<string> {
  const text = subjectText(subject);
  if (subject.alert == null) return text;
  const path = `alerts/${encodeURIComponent(subject.alert)}`;
  const known = await ask({ method: 'GET', path }, AlertDetails).then(({ value }) => value, unlessUnseen);
  const name = known?.name == null ? '' : ` «${safe(known.name)}»`;
  const of = subject.tenant == null && known?.tenant != null ? `, de la empresa ${safe(known.tenant)}` : '';
  return `${text}${name}${of}`;
}
