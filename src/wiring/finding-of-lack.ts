import type { Lack } from '../config.ts';
import { secretReferredTo } from '../core/vault-reference.ts';
import type { Finding } from '../manage/problems/finding.ts';
import type { OptionalPart } from '../variables.ts';

/** What an optional part lacks, as GET problems tells it: the setting, what is off without it, and what to do. */
export function findingOfLack({ setting, part, reference }: Lack): Finding {
  const without = withoutPart[part];
  return {
    reason: part === 'mail' ? 'correo_sin_configurar' : 'ajuste_sin_valor',
    column: setting,
    detail:
      reference === null
        ? `Falta ${setting}${belongsTo[setting] ?? ''}: ${without}.`
        : `${setting} remite al Key Vault, que no dio ningún valor: ${without}. ${adviceFor(reference)}`,
  };
}

const withoutPart: Readonly<Record<OptionalPart, string>> = {
  mail: 'no se puede enviar ningún correo a los administradores',
  callbacks: 'se rechaza lo que los servicios de mensajería cuentan en nuestro formato',
  whatsapp: 'se rechaza lo que cuenta WhatsApp',
  'whatsapp subscription': 'Meta no puede confirmar la dirección de las notificaciones',
  heartbeat: 'no se avisa al monitor después de cada ciclo',
  collector: 'el colector de OpenTelemetry no recibe nada',
  'application insights': 'Application Insights no recibe nada',
};

const belongsTo: Readonly<Record<string, string>> = {
  SMTP_USER: ', que va con SMTP_PASSWORD',
  SMTP_PASSWORD: ', que va con SMTP_USER',
  SMTP_FROM: ', el remitente, que SMTP_USER tampoco da',
};

function adviceFor(reference: string): string {
  const referred = secretReferredTo(reference);
  const secret = referred === null ? 'el secreto' : `el secreto ${referred.secret}`;
  const vault = referred === null ? 'el Key Vault' : referred.vault;
  return (
    `Cargue ${secret} en ${vault} y dé a la identidad de la aplicación el rol Key Vault Secrets User allí; ` +
    'después haga que la aplicación lo tome (docs/deploying.md, «Secrets»).'
  );
}
