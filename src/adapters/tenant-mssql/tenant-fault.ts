import { TimeoutError } from 'tarn';
import type { Reason } from '../../domain/reason.ts';

/** Why a tenant's database gave nothing, and what that says of the connection: failures open the circuit. */
export interface TenantFault {
  kind: 'passing' | 'final';
  reason: Reason;
  /** Spanish, still to be cleared of secrets. */
  detail: string;
  /** What to do, in Spanish, where the reason alone does not tell. */
  advice?: string;
  connection: 'failed' | 'worked' | 'unknown';
}

/** Something found out about the tenant's database before or while it is used. */
export class TenantRefusal extends Error {
  override readonly name = 'TenantRefusal';
  readonly fault: TenantFault;

  constructor(fault: TenantFault, cause?: unknown) {
    super(fault.detail, { cause });
    this.fault = fault;
  }
}

/** What a server said while it refused a login, first things first; tedious itself keeps the text of the last alone. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  readonly numbers: readonly number[];

  constructor(message: string, numbers: readonly number[], cause: unknown) {
    super(message, { cause });
    this.numbers = numbers;
  }
}

/** Databases that start, move or recover; resources that are used up; a server that shuts down (also Azure SQL's). */
const passingNumbers = new Set([
  596, 701, 802, 904, 921, 922, 924, 927, 941, 942, 945, 952, 976, 978, 979, 983, 988, 1204, 4221, 6005, 8628,
  8645, 8651, 10922, 10928, 10929, 10936, 17142, 17188, 18401, 18451, 40143, 40166, 40197, 40501, 40540,
  40613, 42108, 42109, 49918, 49919, 49920,
]);

/** Deadlock victim; lock time-out. */
const lockNumbers = new Set([1205, 1222]);

/** The driver's, and the system's own where the driver hands them on. */
const nobodyThere = new Set([
  ...['ETIMEOUT', 'ESOCKET', 'ECLOSE', 'ECONNCLOSED', 'EINSTLOOKUP', 'EINVALIDSTATE', 'EFEDAUTH'],
  ...['ECONNRESET', 'ECONNABORTED', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
]);

/** TLS's own, of a certificate that cannot be trusted. */
const ofCertificate = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

/** Sorts an error of the driver or the pool. What is no such error (a bug of ours) is thrown as it is. */
export function faultOf(thrown: unknown): TenantFault {
  const error = firstOf(thrown);
  if (error instanceof TenantRefusal) return error.fault;
  if (error instanceof LoginError) return loginFault(error);
  if (!(error instanceof Error)) throw error;
  if (error instanceof TimeoutError) {
    return passing('No hubo una conexión libre a la base de la empresa a tiempo.', 'unknown');
  }
  const code = 'code' in error ? String(error.code) : '';
  const number = sqlErrorNumber(error);
  if (lockNumbers.has(number)) {
    return passing(`La base de la empresa está bloqueada por otros (${number}: ${error.message})`, 'worked');
  }
  if (passingNumbers.has(number)) {
    return passing(`La base de la empresa no está disponible (${number}: ${error.message})`, 'failed');
  }
  if (number > 0) return final('consulta_error', `SQL Server respondió ${number}: ${error.message}`);
  if (code === 'EPARAM') return final('consulta_error', `Un parámetro no sirve: ${error.message}`);
  if (nobodyThere.has(code)) {
    const codes = codesOf(error);
    if (codes.some((one) => ofCertificate.test(one))) return badCertificate(codes);
    return passing(`No se pudo hablar con la base de la empresa (${codes.join(', ')}).`, 'failed');
  }
  throw error;
}

/** 0 for what is no answer of a server. */
export function sqlErrorNumber(thrown: unknown): number {
  const error = firstOf(thrown);
  return error instanceof Error && 'number' in error ? Number(error.number) : 0;
}

/** A request can end with several errors: the first says why. */
function firstOf(thrown: unknown): unknown {
  return thrown instanceof AggregateError ? thrown.errors[0] : thrown;
}

function loginFault({ numbers, message }: LoginError): TenantFault {
  if (numbers.some((number) => passingNumbers.has(number))) {
    return passing(`La base de la empresa no está disponible (${numbers.join(', ')}: ${message})`, 'failed');
  }
  const what = numbers.includes(4060)
    ? 'La base de datos que nombra la conexión no existe o no admite a este usuario'
    : 'La base de la empresa rechazó el acceso';
  return {
    ...final('empresa_login', `${what} (${numbers.join(', ') || 'ELOGIN'}: ${message})`),
    connection: 'failed',
  };
}

/** It is waited for like a server that is away: a certificate may be renewed before the catch-up limit. */
function badCertificate(codes: readonly string[]): TenantFault {
  return {
    ...passing(
      `El certificado del servidor de la empresa no es de confianza (${codes.join(', ')}).`,
      'failed',
    ),
    advice:
      'Ponga en el servidor un certificado válido para el nombre que usa emp_Conexion, de una autoridad conocida; o, si confía en la red hasta él, TrustServerCertificate=True en emp_Conexion.',
  };
}

function passing(detail: string, connection: TenantFault['connection']): TenantFault {
  return { kind: 'passing', reason: 'empresa_no_disponible', detail, connection };
}

function final(reason: Reason, detail: string): TenantFault {
  return { kind: 'final', reason, detail, connection: 'worked' };
}

/** The driver's code and those of its causes (ESOCKET, ECONNREFUSED): its messages hold addresses. */
function codesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...own, ...codesOf(error.cause)];
}
