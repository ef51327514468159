import { SqlFault } from '../parser/sql-fault.ts';

const numberNames: Readonly<Record<string, string>> = {
  smallint: 'smallint',
  integer: 'int',
  bigint: 'bigint',
};

/** Logarithms and powers outside their domain. */
const invalidFloat: ReadonlySet<string> = new Set(['2201E', '2201F']);

/** What PostgreSQL reports of an expression as SQL Server's error; undefined for anything else. */
export function faultOfExpression({
  code,
  message,
}: {
  code?: string;
  message: string;
}): SqlFault | undefined {
  if (code === 'TSQLE') return raised(message);
  if (code === '22012') return new SqlFault(8134, 16, 'Divide by zero error encountered.');
  if (code === '22003') return overflow(message);
  if (code === undefined || !invalidFloat.has(code)) return undefined;
  return new SqlFault(3623, 16, 'An invalid floating point operation occurred.');
}

/** `number:severity:state:text`, as `tsql.raise` writes it. */
function raised(message: string): SqlFault {
  const [number, severity, state] = message.split(':', 3).map(Number);
  const text = message.split(':').slice(3).join(':');
  return new SqlFault(number ?? 50_000, severity ?? 16, text, 0, state ?? 1);
}

function overflow(message: string): SqlFault {
  const [, name = ''] = /^(\w+) out of range/.exec(message) ?? [];
  const type = numberNames[name] ?? (message.startsWith('value out of range') ? 'float' : 'numeric');
  return new SqlFault(
    8115,
    16,
    `Arithmetic overflow error converting expression to data type ${type}.`,
    0,
    2,
  );
}
