import type { CaseValue, SqlCase } from './sql-case.ts';
import { failure, proof, value } from './sql-case.ts';

const format = proof('format', 'FORMAT (Transact-SQL)');
const styles = proof('styles', 'CAST and CONVERT (Transact-SQL)');

const formatted = (arguments_: string, text: CaseValue): SqlCase =>
  value(format, `FORMAT(${arguments_})`, 'nvarchar(4000)', text);
const moment = "CAST('2024-03-05 14:05:06' AS datetime)";
const styled = (type: string, written: string, style: number, text: string): SqlCase =>
  value(styles, `CONVERT(varchar(40), CAST('${written}' AS ${type}), ${style})`, 'varchar(40)', text);

/** FORMAT in its cultures, and the styles of CONVERT beyond the usual ones. */
export const formatCases: readonly SqlCase[] = [
  formatted("1234.5, 'N'", '1,234.50'),
  formatted("-1234.567, 'N2', 'en-US'", '-1,234.57'),
  formatted("1234.5, 'N2', 'es-AR'", '1.234,50'),
  formatted("1234.5, 'n', 'es-ES'", '1.234,50'),
  formatted("1234.5, 'N0', 'iv'", '1,235'),
  formatted("1234.5, 'C', 'en-US'", '$1,234.50'),
  formatted("-1234.5, 'C', 'en-US'", '($1,234.50)'),
  formatted("1234.5, 'C', 'es-AR'", '$ 1.234,50'),
  formatted("-1234.5, 'C0', 'es-ES'", '-1.235 €'),
  formatted("5, 'C', 'iv'", '¤5.00'),
  formatted("-42, 'D5'", '-00042'),
  formatted("1.5, 'D'", null),
  formatted("1234.567, 'F1', 'es-AR'", '1234,6'),
  formatted("1234.50, 'G'", '1234.50'),
  formatted("1234.567, '#,##0.00', 'es-AR'", '1.234,57'),
  formatted("0.5, '#.##'", '.5'),
  formatted("0, '#'", ''),
  formatted("1234, '#,##0.##'", '1,234'),
  formatted("-12, '$#,##0.00'", '-$12.00'),
  formatted("0.256, '0.0%'", '25.6%'),
  formatted("7, '000'", '007'),
  formatted("CAST(NULL AS int), 'N0'", null),
  formatted(`${moment}, 'd', 'en-US'`, '3/5/2024'),
  formatted(`${moment}, 'd', 'es-AR'`, '5/3/2024'),
  formatted(`${moment}, 'd', 'es-ES'`, '05/03/2024'),
  formatted(`${moment}, 'd', 'iv'`, '03/05/2024'),
  formatted(`${moment}, 'D', 'en-US'`, 'Tuesday, March 5, 2024'),
  formatted(`${moment}, 'D', 'es-AR'`, 'martes, 5 de marzo de 2024'),
  formatted(`${moment}, 'G', 'en-US'`, '3/5/2024 2:05:06 PM'),
  formatted(`${moment}, 'G', 'es-ES'`, '05/03/2024 14:05:06'),
  formatted(`${moment}, 'g', 'es-AR'`, '5/3/2024 14:05'),
  formatted(`${moment}, 't', 'en-US'`, '2:05 PM'),
  formatted(`${moment}, 's'`, '2024-03-05T14:05:06'),
  formatted(`${moment}, 'yyyy-MM-dd HH:mm:ss'`, '2024-03-05 14:05:06'),
  formatted(`${moment}, 'yyyy-MM-ddTHH:mm:ss'`, '2024-03-05T14:05:06'),
  formatted(`${moment}, 'dddd d "de" MMMM', 'es-AR'`, 'martes 5 de marzo'),
  formatted(`${moment}, 'hh:mm tt'`, '02:05 PM'),
  formatted("CAST('2024-03-05 14:05:06 -03:00' AS datetimeoffset), 'HH:mm zzz'", '14:05 -03:00'),
  failure(format, "FORMAT('abc', 'N')", 8116),

  styled('datetime', '2024-03-05 14:05:06.123', 9, 'Mar  5 2024  2:05:06:123PM'),
  styled('datetime', '2024-03-05 14:05:06.123', 109, 'Mar  5 2024  2:05:06:123PM'),
  styled('datetime', '2024-03-05 14:05:06.123', 13, '05 Mar 2024 14:05:06:123'),
  styled('datetime', '2024-03-05 14:05:06.127', 113, '05 Mar 2024 14:05:06:127'),
  styled('datetime', '2024-03-05 14:05:06.123', 114, '14:05:06:123'),
  styled('datetime', '2024-03-05 14:05:06.123', 24, '14:05:06'),
  styled('datetime', '2024-03-05 14:05:06.123', 25, '2024-03-05 14:05:06.123'),
  styled('datetime', '2024-03-05 14:05:06.123', 127, '2024-03-05T14:05:06.123'),
  styled('datetime2(7)', '2024-03-05 14:05:06.1234567', 127, '2024-03-05T14:05:06.1234567'),
  styled('datetime2(0)', '2024-03-05 14:05:06', 127, '2024-03-05T14:05:06'),
  styled('datetimeoffset(2)', '2024-03-05 14:05:06.12 -03:00', 127, '2024-03-05T17:05:06.12Z'),
  failure('styles', `CONVERT(varchar(30), ${moment}, 99)`, 281),
];
