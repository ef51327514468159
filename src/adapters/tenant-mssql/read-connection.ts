import type { ConnectionConfiguration } from 'tedious';
import {
  ConnectionStringError,
  sqlConnectionOf,
  type ConnectionStringProblem,
} from '../../core/sql-connection.ts';

/** Gives the value of an environment setting, undefined when it is not set. */
export type GetSecret = (name: string) => string | undefined;

/** `secrets`: what may not appear in a text about it. `detail` names keys, never values. */
export type TenantConnection =
  | { kind: 'connection'; config: ConnectionConfiguration; secrets: readonly string[] }
  | { kind: 'invalid'; detail: string };

/**
 * emp_Conexion: Base64 of an ADO.NET connection string, or `env:NAME` for the setting that holds one, in Base64 or (as a
 * Key Vault reference gives it) as it is.
 */
export function readConnection(stored: string, getSecret: GetSecret): TenantConnection {
  const text = stored.trim();
  const [, setting] = /^env:(\S+)$/.exec(text) ?? [];
  if (setting === undefined) {
    const decoded = decodeBase64(text);
    return decoded === undefined
      ? invalid('no es Base64 de una cadena de conexión.')
      : configOf(decoded, 'emp_Conexion');
  }
  const value = getSecret(setting)?.trim() ?? '';
  if (value === '') return invalid(`nombra la variable ${setting}, que no está definida o está vacía.`);
  return configOf(decodeBase64(value) ?? value, `la variable ${setting}`);
}

function configOf(connectionString: string, where: string): TenantConnection {
  try {
    const config = sqlConnectionOf(connectionString);
    if (config.options?.database === undefined) return invalid(`${where}: falta la clave Database.`);
    if (!mayTakeToken(config)) return invalid(`${where}: ${identityElsewhere}`);
    return { kind: 'connection', config, secrets: [connectionString, ...passwordsOf(config)] };
  } catch (error) {
    if (error instanceof ConnectionStringError) return invalid(`${where}: ${inSpanish(error)}`);
    throw error;
  }
}

const identityElsewhere =
  'con Authentication=Active Directory el servidor debe ser de Azure SQL (….database.windows.net), sin Encrypt=False ni TrustServerCertificate=True.';

/** Azure SQL and Managed Instance, in each of the clouds. */
const azureServer = /^[a-z0-9.-]+\.database\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)$/i;

/**
 * A server that is signed in to with the app's identity gets a token, for whatever it says it is: one of an attacker would
 * say that it is the Key Vault. Microsoft's own keeps it, if nobody stands in between.
 */
function mayTakeToken({ server, authentication, options }: ConnectionConfiguration): boolean {
  if (authentication?.type === 'default') return true;
  return azureServer.test(server) && options?.encrypt !== false && options?.trustServerCertificate !== true;
}

const problems: Readonly<Record<ConnectionStringProblem, string>> = {
  form: 'no tiene la forma Clave=valor;Clave=valor, queda una comilla sin cerrar, o un valor con punto y coma no está entre comillas.',
  unknownKey: 'no se conoce; quítela.',
  windows: 'el acceso de Windows no está disponible: dé User Id y Password.',
  timeout: 'Connect Timeout no es una cantidad de segundos.',
  server: 'falta la clave Server.',
  port: 'el puerto después de la coma en Server no es un número de 1 a 65535.',
  user: 'falta la clave User Id.',
  authentication:
    'Authentication debe ser Sql Password, Active Directory Default o Active Directory Managed Identity.',
};

function inSpanish({ problem, key }: ConnectionStringError): string {
  return key === null ? problems[problem] : `la clave «${key}» ${problems[problem]}`;
}

function passwordsOf({ authentication }: ConnectionConfiguration): readonly string[] {
  return authentication?.type === 'default' && authentication.options.password !== undefined
    ? [authentication.options.password]
    : [];
}

function invalid(problem: string): TenantConnection {
  return { kind: 'invalid', detail: problem.includes('emp_Conexion') ? problem : `emp_Conexion: ${problem}` };
}

/** A connection string never passes for Base64: it has `=` in its middle. */
function decodeBase64(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/\s]+={0,2}$/.test(text)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}
