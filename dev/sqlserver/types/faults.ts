import { sqlError } from '../errors.ts';
import { SqlFault } from '../parser/sql-fault.ts';

/** What PostgreSQL reports of an expression as SQL Server's error; undefined for anything else. */
export function faultOfExpression({
  code,
  message,
}: {
  code?: string;
  message: string;
}): SqlFault | undefined {
  switch (code) {
    // As `tsql.raise` writes it.
    case 'TSQLE': {
      const [number, severity, state] = message.split(':', 3).map(Number);
      return new SqlFault(number ?? 0, severity ?? 16, message.split(':').slice(3).join(':'), 0, state);
    }
    case '22012':
      return sqlError(8134);
    case '22003': {
      const [, name = ''] = /^(\w+) out of range/.exec(message) ?? [];
      return sqlError(8115, ['expression', overflowing[name] ?? 'numeric']);
    }
    // Roots and powers outside their domain.
    case '2201E':
    case '2201F':
      return sqlError(3623);
    default:
      return undefined;
  }
}

const overflowing: Readonly<Record<string, string>> = {
  smallint: 'smallint',
  integer: 'int',
  bigint: 'bigint',
  value: 'float',
};
