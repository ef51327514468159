import type { AcceptedCase, FailingCase } from './accepted-case.ts';
import { failure, holds, value } from './accepted-case.ts';

const cast = 'CAST and CONVERT (Transact-SQL)';
const datetime = 'datetime (Transact-SQL)';
const datetime2 = 'datetime2 (Transact-SQL)';
const small = 'smalldatetime (Transact-SQL)';
const offset = 'datetimeoffset (Transact-SQL)';
const time = 'time (Transact-SQL)';
const add = 'DATEADD (Transact-SQL)';
const difference = 'DATEDIFF (Transact-SQL)';
const part = 'DATEPART (Transact-SQL)';
const name = 'DATENAME (Transact-SQL)';
const zone = 'AT TIME ZONE (Transact-SQL)';

/** A moment in each style of CONVERT. */
const styled = (style: number, text: string): AcceptedCase =>
  value(
    cast,
    `CONVERT(varchar(40), CAST('2024-03-05 14:05:06.123' AS datetime), ${style})`,
    'varchar(40)',
    text,
  );

export const dateCases: readonly AcceptedCase[] = [
  styled(0, 'Mar  5 2024  2:05PM'),
  styled(1, '03/05/24'),
  styled(3, '05/03/24'),
  styled(4, '05.03.24'),
  styled(5, '05-03-24'),
  styled(10, '03-05-24'),
  styled(12, '240305'),
  styled(20, '2024-03-05 14:05:06'),
  styled(21, '2024-03-05 14:05:06.123'),
  styled(23, '2024-03-05'),
  styled(100, 'Mar  5 2024  2:05PM'),
  styled(101, '03/05/2024'),
  styled(102, '2024.03.05'),
  styled(103, '05/03/2024'),
  styled(104, '05.03.2024'),
  styled(105, '05-03-2024'),
  styled(106, '05 Mar 2024'),
  styled(107, 'Mar 05, 2024'),
  styled(108, '14:05:06'),
  styled(110, '03-05-2024'),
  styled(111, '2024/03/05'),
  styled(112, '20240305'),
  styled(120, '2024-03-05 14:05:06'),
  styled(121, '2024-03-05 14:05:06.123'),
  styled(126, '2024-03-05T14:05:06.123'),
  value(
    cast,
    "CONVERT(varchar(30), CAST('2024-03-05 14:05:06' AS datetime), 126)",
    'varchar(30)',
    '2024-03-05T14:05:06',
  ),
  value(
    cast,
    "CONVERT(varchar(10), CAST('2024-03-05 14:05:06' AS datetime), 120)",
    'varchar(10)',
    '2024-03-05',
  ),
  value(
    cast,
    "CAST(CAST('2024-03-05 14:05:06' AS datetime) AS varchar(20))",
    'varchar(20)',
    'Mar  5 2024  2:05PM',
  ),
  value(cast, "CAST(CAST('2024-03-05' AS date) AS varchar(20))", 'varchar(20)', '2024-03-05'),
  value(
    cast,
    "CAST(CAST('2024-03-05 14:05:06.1' AS datetime2(3)) AS varchar(30))",
    'varchar(30)',
    '2024-03-05 14:05:06.100',
  ),
  value(cast, "CAST(CAST('14:05:06' AS time(0)) AS varchar(20))", 'varchar(20)', '14:05:06'),
  value(
    cast,
    "CAST(CAST('2024-03-05 14:05:06 -03:00' AS datetimeoffset(0)) AS varchar(40))",
    'varchar(40)',
    '2024-03-05 14:05:06 -03:00',
  ),
  value(
    cast,
    "CONVERT(varchar(40), CAST('2024-03-05 14:05:06 -03:00' AS datetimeoffset(0)), 127)",
    'varchar(40)',
    '2024-03-05T17:05:06Z',
  ),
  value(
    cast,
    "CONVERT(varchar(40), CAST('2024-03-05 14:05:06 -03:00' AS datetimeoffset(3)), 126)",
    'varchar(40)',
    '2024-03-05T14:05:06-03:00',
  ),
  value(cast, "CONVERT(date, '05/03/2024', 103)", 'date', '2024-03-05'),
  value(cast, "CONVERT(date, '05.03.2024', 104)", 'date', '2024-03-05'),
  value(cast, "CONVERT(datetime, '03/05/2024 2:05 PM', 101)", 'datetime', '2024-03-05 14:05:00.000'),
  value(datetime, "CAST('20240305' AS datetime)", 'datetime', '2024-03-05 00:00:00.000'),
  value(datetime, "CAST('2024-03-05T14:05:06' AS datetime)", 'datetime', '2024-03-05 14:05:06.000'),
  value(datetime, "CAST('Mar 5, 2024' AS datetime)", 'datetime', '2024-03-05 00:00:00.000'),
  value(datetime, "CAST('3/5/49' AS datetime)", 'datetime', '2049-03-05 00:00:00.000'),
  value(datetime, "CAST('' AS datetime)", 'datetime', '1900-01-01 00:00:00.000'),
  value(datetime, "CAST('14:05' AS datetime)", 'datetime', '1900-01-01 14:05:00.000'),
  value(datetime, "CAST('2024-01-01 23:59:59.999' AS datetime)", 'datetime', '2024-01-02 00:00:00.000'),
  value(datetime, "CAST('2024-01-01 23:59:59.995' AS datetime)", 'datetime', '2024-01-01 23:59:59.997'),
  value(datetime, "CAST('2024-01-01 23:59:59.994' AS datetime)", 'datetime', '2024-01-01 23:59:59.993'),
  value(datetime, "CAST('2024-01-01 23:59:59.991' AS datetime)", 'datetime', '2024-01-01 23:59:59.990'),
  value(
    datetime,
    "CAST(CAST('2024-01-01 00:00:00.003' AS datetime) AS datetime2(7))",
    'datetime2(7)',
    '2024-01-01 00:00:00.0033333',
  ),
  value(datetime, 'CAST(1 AS datetime)', 'datetime', '1900-01-02 00:00:00.000'),
  value(datetime, "CAST('2024-01-01' AS datetime) + 1", 'datetime', '2024-01-02 00:00:00.000'),
  value(small, "CAST('2007-05-08 12:35:29.123' AS smalldatetime)", 'smalldatetime', '2007-05-08 12:35:00'),
  value(small, "CAST('2007-05-08 12:35:30' AS smalldatetime)", 'smalldatetime', '2007-05-08 12:36:00'),
  value(
    datetime2,
    "CAST('2024-03-05 14:05:06.1234567' AS datetime2(7))",
    'datetime2(7)',
    '2024-03-05 14:05:06.1234567',
  ),
  value(
    datetime2,
    "CAST('2024-03-05 14:05:06.1239' AS datetime2(3))",
    'datetime2(3)',
    '2024-03-05 14:05:06.124',
  ),
  value(datetime2, "CAST('0001-01-01' AS datetime2(0))", 'datetime2(0)', '0001-01-01 00:00:00'),
  value(time, "CAST('12:34:54.1237' AS time(3))", 'time(3)', '12:34:54.124'),
  value(time, "CAST(CAST('2024-03-05 14:05:06' AS datetime2(0)) AS time(0))", 'time(0)', '14:05:06'),
  value(time, "CAST('2:05 PM' AS time(0))", 'time(0)', '14:05:00'),
  value(
    offset,
    "CAST('2024-03-05 14:05:06 +10:00' AS datetimeoffset(0))",
    'datetimeoffset(0)',
    '2024-03-05 14:05:06+10:00',
  ),
  value(
    offset,
    "CAST('2024-03-05T14:05:06Z' AS datetimeoffset(0))",
    'datetimeoffset(0)',
    '2024-03-05 14:05:06+00:00',
  ),
  value(
    offset,
    "CAST(CAST('2024-03-05 14:05:06 +10:00' AS datetimeoffset(0)) AS datetime2(0))",
    'datetime2(0)',
    '2024-03-05 14:05:06',
  ),
  value(
    offset,
    "CAST(CAST('2024-03-05' AS date) AS datetimeoffset(0))",
    'datetimeoffset(0)',
    '2024-03-05 00:00:00+00:00',
  ),
  value(add, "DATEADD(month, 1, CAST('2006-08-30' AS datetime2(0)))", 'datetime2(0)', '2006-09-30 00:00:00'),
  value(add, "DATEADD(month, 1, '2006-08-31')", 'datetime', '2006-09-30 00:00:00.000'),
  value(add, "DATEADD(year, 1, CAST('2024-02-29' AS date))", 'date', '2025-02-28'),
  value(add, "DATEADD(quarter, -1, CAST('2024-05-31' AS date))", 'date', '2024-02-29'),
  value(add, "DATEADD(week, 2, CAST('2024-02-20' AS date))", 'date', '2024-03-05'),
  value(
    add,
    "DATEADD(minute, 90, CAST('2024-03-05 23:00' AS datetime2(0)))",
    'datetime2(0)',
    '2024-03-06 00:30:00',
  ),
  value(add, "DATEADD(hour, 5, CAST('22:00' AS time(0)))", 'time(0)', '03:00:00'),
  value(
    add,
    "DATEADD(nanosecond, 150, CAST('2007-01-01 13:10:10.1111111' AS datetime2))",
    'datetime2(7)',
    '2007-01-01 13:10:10.1111113',
  ),
  value(
    add,
    "DATEADD(day, 1, CAST('2024-03-05 23:00 -03:00' AS datetimeoffset(0)))",
    'datetimeoffset(0)',
    '2024-03-06 23:00:00-03:00',
  ),
  value(add, "DATEADD(day, NULL, CAST('2024-03-05' AS date))", 'date', null),
  ...['year', 'quarter', 'month', 'dayofyear', 'day', 'week', 'hour', 'minute', 'second', 'millisecond'].map(
    (boundary) =>
      value(
        difference,
        `DATEDIFF(${boundary}, '2005-12-31 23:59:59.9999999', '2006-01-01 00:00:00.0000000')`,
        'int',
        1,
      ),
  ),
  value(difference, "DATEDIFF(day, '2024-03-05 23:59', '2024-03-06 00:01')", 'int', 1),
  value(difference, "DATEDIFF(month, '2024-03-31', '2024-02-01')", 'int', -1),
  value(difference, "DATEDIFF(week, '2024-03-02', '2024-03-03')", 'int', 1),
  value(difference, "DATEDIFF(minute, CAST('10:00' AS time), CAST('11:30' AS time))", 'int', 90),
  value(
    'DATEDIFF_BIG (Transact-SQL)',
    "DATEDIFF_BIG(microsecond, '2024-01-01', '2025-01-01')",
    'bigint',
    '31622400000000',
  ),
  ...(
    [
      ['year', 2007],
      ['quarter', 4],
      ['month', 10],
      ['dayofyear', 303],
      ['day', 30],
      ['week', 44],
      ['weekday', 3],
      ['hour', 12],
      ['minute', 15],
      ['second', 32],
      ['millisecond', 123],
      ['microsecond', 123_456],
      ['nanosecond', 123_456_700],
      ['iso_week', 44],
    ] as const
  ).map(([word, number]) =>
    value(part, `DATEPART(${word}, CAST('2007-10-30 12:15:32.1234567' AS datetime2))`, 'int', number),
  ),
  value(part, "DATEPART(tzoffset, CAST('2007-05-10 00:00:01.1234567 +05:10' AS datetimeoffset))", 'int', 310),
  value(part, "DATEPART(week, CAST('2007-04-21' AS date))", 'int', 16),
  value(name, "DATENAME(month, CAST('2007-10-30' AS date))", 'nvarchar(30)', 'October'),
  value(name, "DATENAME(weekday, CAST('2007-10-30' AS date))", 'nvarchar(30)', 'Tuesday'),
  value(name, "DATENAME(day, CAST('2007-10-03' AS date))", 'nvarchar(30)', '3'),
  value('YEAR (Transact-SQL)', "YEAR('2010-04-30T01:01:01.1234567')", 'int', 2010),
  value('EOMONTH (Transact-SQL)', "EOMONTH('2011-12-01', 1)", 'date', '2012-01-31'),
  value('EOMONTH (Transact-SQL)', "EOMONTH(CAST('2012-02-10' AS date))", 'date', '2012-02-29'),
  value('DATEFROMPARTS (Transact-SQL)', 'DATEFROMPARTS(2010, 12, 31)', 'date', '2010-12-31'),
  value(
    'DATETIME2FROMPARTS (Transact-SQL)',
    'DATETIME2FROMPARTS(2011, 8, 15, 14, 23, 44, 50, 2)',
    'datetime2(2)',
    '2011-08-15 14:23:44.50',
  ),
  value(
    'DATETIMEFROMPARTS (Transact-SQL)',
    'DATETIMEFROMPARTS(2010, 12, 31, 23, 59, 59, 0)',
    'datetime',
    '2010-12-31 23:59:59.000',
  ),
  value('TIMEFROMPARTS (Transact-SQL)', 'TIMEFROMPARTS(14, 23, 44, 5, 1)', 'time(1)', '14:23:44.5'),
  value(
    'SWITCHOFFSET (Transact-SQL)',
    "SWITCHOFFSET(CAST('1998-09-20 07:45:50.71345 -05:00' AS datetimeoffset), '-08:00')",
    'datetimeoffset(7)',
    '1998-09-20 04:45:50.7134500-08:00',
  ),
  value(
    'TODATETIMEOFFSET (Transact-SQL)',
    "TODATETIMEOFFSET(CAST('2024-03-05 10:00' AS datetime2(0)), '-03:00')",
    'datetimeoffset(0)',
    '2024-03-05 10:00:00-03:00',
  ),
  value(
    'TODATETIMEOFFSET (Transact-SQL)',
    "TODATETIMEOFFSET(CAST('2024-03-05 10:00' AS datetime2(0)), -180)",
    'datetimeoffset(0)',
    '2024-03-05 10:00:00-03:00',
  ),
  ...(
    [
      ['2022-03-27T01:01:00', '2022-03-27 01:01:00+01:00'],
      ['2022-03-27T02:01:00', '2022-03-27 03:01:00+02:00'],
      ['2022-03-27T03:01:00', '2022-03-27 03:01:00+02:00'],
      ['2022-10-30T01:01:00', '2022-10-30 01:01:00+02:00'],
      ['2022-10-30T02:00:00', '2022-10-30 02:00:00+02:00'],
      ['2022-10-30T03:01:00', '2022-10-30 03:01:00+01:00'],
    ] as const
  ).map(([local, moment]) =>
    value(
      zone,
      `CONVERT(datetime2(0), '${local}', 126) AT TIME ZONE 'Central European Standard Time'`,
      'datetimeoffset(0)',
      moment,
    ),
  ),
  value(
    zone,
    "CAST('2024-03-05 12:00 +00:00' AS datetimeoffset(0)) AT TIME ZONE 'Argentina Standard Time'",
    'datetimeoffset(0)',
    '2024-03-05 09:00:00-03:00',
  ),
  holds(
    offset,
    "CAST('2024-03-05 12:00 +00:00' AS datetimeoffset) = CAST('2024-03-05 09:00 -03:00' AS datetimeoffset)",
  ),
  holds(
    offset,
    "CAST('2024-03-05 12:00 +00:00' AS datetimeoffset) > CAST('2024-03-05 12:00 +01:00' AS datetimeoffset)",
  ),
  holds('Data type precedence (Transact-SQL)', "CAST('2024-03-05' AS date) = '20240305'"),
  holds(
    'Data type precedence (Transact-SQL)',
    "CAST('2024-03-05' AS date) < CAST('2024-03-05 00:00:01' AS datetime)",
  ),
  value('GETDATE (Transact-SQL)', 'DATEDIFF(hour, GETUTCDATE(), SYSUTCDATETIME())', 'int', 0),
  value('SYSDATETIMEOFFSET (Transact-SQL)', 'DATEPART(tzoffset, SYSDATETIMEOFFSET())', 'int', 0),
];

export const dateFailures: readonly FailingCase[] = [
  failure(
    cast,
    "CAST('yesterday' AS datetime)",
    241,
    'Conversion failed when converting date and/or time from character string.',
  ),
  failure(cast, "CAST('2024-02-30' AS date)", 241),
  failure(
    cast,
    "CAST('2024-02-30' AS datetime)",
    242,
    'The conversion of a varchar data type to a datetime data type resulted in an out-of-range value.',
  ),
  failure(datetime, "CAST('2024-03-05 14:05:06.1234' AS datetime)", 241),
  failure(datetime, "CAST(CAST('1752-12-31' AS date) AS datetime)", 242),
  failure(cast, "CONVERT(date, '13/02/2024', 101)", 241),
  failure(cast, "CONVERT(date, '02/13/2024', 103)", 241),
  failure(cast, "CAST(CAST('10:00' AS time) AS date)", 529),
  failure(cast, "CAST(CAST('2024-03-05' AS date) AS int)", 529),
  failure(add, "DATEADD(hour, 1, CAST('2024-03-05' AS date))", 9810),
  failure(add, "DATEADD(day, 1, CAST('10:00' AS time))", 9810),
  failure(add, "DATEADD(year, 8000, CAST('2024-03-05' AS date))", 517),
  failure(
    add,
    "DATEADD(month, -600, CAST('1753-01-01' AS datetime))",
    517,
    "Adding a value to a 'datetime' column caused an overflow.",
  ),
  failure(difference, "DATEDIFF(millisecond, '2000-01-01', '2024-01-01')", 535),
  failure('DATEFROMPARTS (Transact-SQL)', 'DATEFROMPARTS(2024, 2, 30)', 289),
  failure(zone, "CAST('2024-03-05' AS datetime2) AT TIME ZONE 'America/Buenos_Aires'", 9820),
  failure(zone, "CAST('2024-03-05' AS date) AT TIME ZONE 'UTC'", 8116),
  failure(
    'Data type precedence (Transact-SQL)',
    "CAST('2024-03-05' AS date) + 1",
    206,
    'Operand type clash: date is incompatible with int',
  ),
  failure('Data type precedence (Transact-SQL)', "CAST('2024-03-05' AS datetime2) + 1", 206),
];
