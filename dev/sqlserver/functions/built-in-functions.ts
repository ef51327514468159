import type { SqlType } from '../contract.ts';
import { notSupported, SqlFault } from '../parser/sql-fault.ts';
import type { Typed } from '../types/contract.ts';
import { withinRange } from '../types/convert-number.ts';
import { convertTo } from '../types/convert.ts';
import { compared } from '../types/operators.ts';
import { unionType } from '../types/result-types.ts';
import { familyOf, isInteger, isText, isUnicode, scaleOf, storageType } from '../types/sql-types.ts';
import { fromText, quote, textOf, typed } from '../types/typed-sql.ts';
import type { BuiltIn } from './built-in.ts';
import { built, choice, combined, keeping, row } from './built-in.ts';
import { partOf } from './date-parts.ts';
import { translateFormat } from './format.ts';

const int: SqlType = { name: 'int' };
const float: SqlType = { name: 'float' };
const date: SqlType = { name: 'date' };
const datetime: SqlType = { name: 'datetime' };
const datetime2: SqlType = { name: 'datetime2', scale: 7 };
const text = (length: number | 'max'): SqlType => ({ name: 'varchar', length });
const unicode = (length: number | 'max'): SqlType => ({ name: 'nvarchar', length });
const coalesce = (texts: readonly string[]): string => `coalesce(${texts.join(', ')})`;
const same = ({ type }: Typed): SqlType => type;
/** What POWER, ROUND and SIGN make of the narrower types. */
const widened = ({ type }: Typed): SqlType => {
  if (isInteger(type) && type.name !== 'bigint') return int;
  return type.name === 'smallmoney' ? { name: 'money' } : type.name === 'real' ? float : type;
};
const whole = ({ type }: Typed): SqlType => (type.name === 'decimal' ? { ...type, scale: 0 } : type);
/** As many digits of a second as an argument says. */
const scaledBy =
  (name: 'time' | 'datetime2', place: number) =>
  (...values: Typed[]): SqlType => ({ name, scale: Number(values[place]?.constant) });
/** A rounded decimal may need another digit ("ROUND (Transact-SQL)"). */
const numericOverflow = [8115, 'expression', 'numeric'] as const;
/** Upper and lower case letter by letter, as SQL Server has them: no letter becomes two. */
const byLetter = 'COLLATE pg_catalog.pg_c_utf8';

/** Every scalar function that needs neither the session nor the catalogue, by its upper-case name. */
export const builtInFunctions: Readonly<Record<string, BuiltIn>> = {
  ISNULL: built('any any', (value, other) => {
    const type = value.untypedNull ? other.type : value.type;
    return combined(type, [value, other], value.nullable && other.nullable, coalesce);
  }),
  COALESCE: built('any any ...1000', (...values) => {
    const message =
      'At least one of the arguments to COALESCE must be an expression that is not the NULL constant.';
    if (values.every(({ untypedNull }) => untypedNull)) throw new SqlFault(4127, 16, message);
    return combined(unionType(values), values, true, coalesce);
  }),
  NULLIF: built('any any', (value, other) => {
    const message =
      'The type of the first argument to NULLIF cannot be the NULL constant because the type of the first argument has to be known.';
    if (value.untypedNull) throw new SqlFault(4151, 16, message);
    const isSame = compared('=', value, other);
    return combined(value.type, [value], true, ([sql]) => `CASE WHEN ${isSame} THEN NULL ELSE ${sql} END`);
  }),
  CHOOSE: built('int any ...255', (place, ...values) => {
    const conditions = values.map((_, index) => `${place.sql} = ${index + 1}`);
    return choice(conditions, values, undefined);
  }),
  NEWID: built('', () => ({ sql: 'tsql.new_id()', type: { name: 'uniqueidentifier' }, nullable: false })),

  LEN: row('text', countOf, "tsql.units(rtrim($1, ' '))"),
  DATALENGTH: built('any', byteCount),
  LEFT: row('text bigint', upTo, "tsql.slice($1, 1, $2, 'LEFT or SUBSTRING')"),
  RIGHT: row(
    'text bigint',
    upTo,
    "tsql.slice($1, greatest(tsql.units($1) - $2, 0) + 1, least($2, tsql.units($1)), 'RIGHT')",
  ),
  SUBSTRING: row(
    'string bigint bigint',
    (value, _, count) => upTo(value, count),
    "tsql.slice($1, $2, $3, 'LEFT or SUBSTRING')",
  ),
  UPPER: keeping('text', varying, `upper($1 ${byLetter})`),
  LOWER: keeping('text', varying, `lower($1 ${byLetter})`),
  LTRIM: keeping('text', varying, "ltrim($1, ' ')"),
  RTRIM: keeping('text', varying, "rtrim($1, ' ')"),
  TRIM: row('text text?', varying, 'btrim($1, $2)', "' '"),
  REVERSE: keeping('text', varying, 'reverse($1)'),
  REPLACE: cutting('text text text', 'replace($1 COLLATE tsql.ci_as, $2, $3)'),
  TRANSLATE: cutting('text text text', 'tsql.translate($1, $2, $3)'),
  REPLICATE: cutting('text int', 'CASE WHEN $2 >= 0 THEN repeat($1, $2) END'),
  STUFF: cutting('text bigint bigint text', 'tsql.stuff($1, $2, $3, $4)'),
  SPACE: row('int', text(8000), "CASE WHEN $1 >= 0 THEN repeat(' ', least($1, 8000)) END"),
  CHARINDEX: row('text text bigint?', (_, value) => countOf(value), 'tsql.find($1, $2, $3)', '1'),
  PATINDEX: row('text text', (_, value) => countOf(value), 'tsql.pattern_place($1, $2)'),
  CONCAT: built('any any ...254', (...values) => joined(values, (texts) => `concat(${texts.join(', ')})`)),
  CONCAT_WS: built('any any any ...254', (...values) => {
    const all = joined(values, ([mark, ...texts]) => `concat_ws(coalesce(${mark}, ''), ${texts.join(', ')})`);
    return { ...all, type: longest(all) };
  }),
  ASCII: row('text', int, "CASE WHEN $1 <> '' THEN get_byte(tsql.bytes_1252(left($1, 1)), 0) END"),
  // Of a character beyond the first plane the half that comes first, as in every collation without _SC.
  UNICODE: row(
    'text',
    int,
    'nullif(CASE WHEN ascii($1) > 65535 THEN 55232 + ascii($1) / 1024 ELSE ascii($1) END, 0)',
  ),
  CHAR: row(
    'int',
    { name: 'char', length: 1 },
    "CASE WHEN $1 BETWEEN 0 AND 255 THEN convert_from(set_byte('\\x00'::bytea, 0, $1), 'WIN1252') END",
  ),
  NCHAR: row(
    'int',
    { name: 'nchar', length: 1 },
    'CASE WHEN $1 BETWEEN 0 AND 65535 AND $1 NOT BETWEEN 55296 AND 57343 THEN chr($1) END',
  ),
  QUOTENAME: built('text any?', quoted),
  STR: row(
    'float int? int?',
    (_, width) => text(Math.min(Math.max(Number(width?.constant ?? 10), 1), 8000)),
    'tsql.str($1, $2, $3)',
    '10',
    '0',
  ),
  FORMAT: built('any any any?', translateFormat),

  ABS: keeping('number', same, 'abs($1)'),
  SIGN: keeping('number', widened, 'sign($1)'),
  CEILING: keeping('number', whole, 'ceil($1)'),
  FLOOR: keeping('number', whole, 'floor($1)'),
  SQRT: row('float', float, 'sqrt($1)'),
  SQUARE: row('float', float, '$1 * $1'),
  EXP: row('float', float, 'exp($1)'),
  LOG: row('float float?', float, 'ln($1) / ln($2)', 'exp(1::float8)'),
  LOG10: row('float', float, 'log($1)'),
  PI: built('', () => ({ sql: 'pi()', type: float, nullable: false })),
  POWER: built('number float', (value, exponent) => {
    const type = widened(value);
    const power = `power(${value.sql}::float8, ${exponent.sql})`;
    const result = type.name === 'decimal' ? { ...type, precision: 38 } : type;
    return convertTo({ sql: power, type: float, nullable: true }, result, 'implicit');
  }),
  ROUND: built('number int int?', (value, digits, cuts) => {
    const round = (name: string): string => `${name}(${value.sql}::numeric, ${digits.sql})`;
    const sql = cuts
      ? `CASE WHEN ${cuts.sql} <> 0 THEN ${round('trunc')} ELSE ${round('round')} END`
      : round('round');
    const fitted = value.type.name === 'decimal' ? withinRange(sql, value.type, numericOverflow) : sql;
    const type = widened(value);
    return typed(`(${fitted})::${storageType(type)}`, type, true);
  }),

  GETDATE: now(datetime),
  GETUTCDATE: now(datetime),
  CURRENT_TIMESTAMP: now(datetime),
  SYSDATETIME: now(datetime2),
  SYSUTCDATETIME: now(datetime2),
  SYSDATETIMEOFFSET: now({ name: 'datetimeoffset', scale: 7 }),
  YEAR: built('any', (value) => partOf('year', value)),
  MONTH: built('any', (value) => partOf('month', value)),
  DAY: built('any', (value) => partOf('day', value)),
  EOMONTH: row('date int?', date, 'tsql.month_end($1, $2)', '0'),
  DATEFROMPARTS: row(
    'int int int',
    date,
    "tsql.day_of(tsql.moment_from_parts($1, $2, $3, 0, 0, 0, 0, 0, 'date'))",
  ),
  TIMEFROMPARTS: row(
    'int int int int digits',
    scaledBy('time', 4),
    "tsql.moment_from_parts(1, 1, 1, $1, $2, $3, $4, $5, 'time')",
  ),
  DATETIMEFROMPARTS: built('int int int int int int int', (...values) => {
    const parts = values.map(({ sql }) => sql).join(', ');
    const ticks = `tsql.moment_from_parts(${parts}, 3, 'datetime')`;
    return convertTo({ sql: ticks, type: datetime2, nullable: true }, datetime, 'explicit');
  }),
  DATETIME2FROMPARTS: row(
    'int int int int int int int digits',
    scaledBy('datetime2', 7),
    "tsql.moment_from_parts($1, $2, $3, $4, $5, $6, $7, $8, 'datetime2')",
  ),
  SWITCHOFFSET: row('offset zone', same, 'tsql.offset_moment(tsql.instant_ticks($1), $2)'),
  TODATETIMEOFFSET: row(
    'moment zone',
    ({ type }) => ({ name: 'datetimeoffset', scale: scaleOf(type) }),
    'tsql.offset_moment($1 - $2 * 600000000::bigint, $2)',
  ),

  ISJSON: row('text', int, 'tsql.is_json($1)'),
  JSON_VALUE: row('text path', unicode(4000), 'tsql.json_value($1, $2)'),
  JSON_QUERY: row('text path?', unicode('max'), 'tsql.json_query($1, $2)', "'{}'"),
};

/** The longest text of the kind of all, cut at its end. */
function cutting(takes: string, template: string): BuiltIn {
  return built(takes, (...values) => {
    const type = longest(...values);
    const cut = type.length === 'max' ? template : `tsql.cut(${template}, ${type.length})`;
    return row(takes, type, cut).build(...values);
  });
}

/** CONCAT takes anything: NULL is '', and there is no NULL in its result. */
function joined(values: readonly Typed[], build: (texts: string[]) => string): Typed {
  const texts = values.map((value) =>
    isText(value.type) && !value.untypedNull ? value : convertTo(value, text(41), 'explicit'),
  );
  const type = longest(...texts);
  const total = texts.reduce((sum, value) => sum + Number(lengthOf(value)), 0);
  const sql = build(texts.map((value) => textOf(value)));
  if (type.length === 'max') return fromText(sql, type, false);
  if (total <= type.length) return fromText(sql, { ...type, length: total }, false);
  return fromText(`tsql.cut(${sql}, ${type.length})`, type, false);
}

function quoted(value: Typed, mark?: Typed): Typed {
  const given = mark ? mark.constant : '[';
  if (given === undefined || given.length > 1) throw notSupported('QUOTENAME with this quote character');
  const pair = ['[]', '()', '<>', '{}', '""', "''", '``'].find((marks) => marks.includes(given));
  if (pair === undefined) return row('text', unicode(258), 'NULL').build(value);
  const [open = '', close = ''] = pair;
  const name = `replace($1, ${quote(close)}, ${quote(close + close)})`;
  const sql = `CASE WHEN tsql.units($1) <= 128 THEN ${quote(open)} || ${name} || ${quote(close)} END`;
  return row('text', unicode(258), sql).build(value);
}

const fixedBytes: Readonly<Partial<Record<SqlType['name'], number>>> = {
  ...{ uniqueidentifier: 16, float: 8, real: 4, money: 8, smallmoney: 4 },
  ...{ date: 3, datetime: 8, smalldatetime: 4 },
};

function byteCount(value: Typed): Typed {
  const family = familyOf(value.type);
  const fixed = fixedBytes[value.type.name];
  if (fixed !== undefined) return row('any', int, `CASE WHEN $1 IS NOT NULL THEN ${fixed} END`).build(value);
  if (!['text', 'binary', 'integer', 'bit'].includes(family))
    throw notSupported(`DATALENGTH of ${value.type.name}`);
  const bytes = convertTo(value, { name: 'varbinary', length: 'max' }, 'explicit').sql;
  const letters = isUnicode(value.type) ? 'tsql.units($1) * 2' : 'length($1)';
  if (family === 'text') return row('any', countOf(value), letters).build(value);
  const type = countOf(value);
  return typed(`length(${bytes})::${storageType(type)}`, type, true);
}

/** The server's own zone is UTC, as in Azure SQL. Every use in one statement gives the same moment. */
function now(type: SqlType): BuiltIn {
  const ticks: Typed = { sql: 'tsql.now_ticks()', type: datetime2, nullable: false };
  return built('', () => ({ ...convertTo(ticks, type, 'explicit'), nullable: false }));
}

type VaryingType = Extract<SqlType, { name: 'varchar' | 'nvarchar' }>;

/** What has no length of its own counts as the longest text. */
function lengthOf({ type }: Typed): number | 'max' {
  return 'length' in type ? type.length : 8000;
}

/** The varying type of the same kind. */
function varying(value: Typed): VaryingType {
  return { name: isUnicode(value.type) ? 'nvarchar' : 'varchar', length: lengthOf(value) };
}

/** The same as far as a literal count lets it be that long. */
function upTo(value: Typed, count: Typed): VaryingType {
  const [length, most] = [lengthOf(value), Number(count.constant)];
  const bound = length === 'max' ? (isUnicode(value.type) ? 4000 : 8000) : length;
  const isShorter = most > 0 && most <= bound;
  return { name: varying(value).name, length: isShorter ? most : length };
}

/** A number of letters or bytes is BIGINT where the text is MAX. */
function countOf(value: Typed): SqlType {
  return { name: lengthOf(value) === 'max' ? 'bigint' : 'int' };
}

/** The longest type of the kind of all texts among the values. */
export function longest(...values: readonly Typed[]): VaryingType {
  const texts = values.filter(({ type }) => isText(type));
  const wide = texts.some(({ type }) => isUnicode(type));
  const isMax = texts.some((value) => lengthOf(value) === 'max');
  return { name: wide ? 'nvarchar' : 'varchar', length: isMax ? 'max' : wide ? 4000 : 8000 };
}
