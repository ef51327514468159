import { z } from '@hono/zod-openapi';
import { Temporal } from 'temporal-polyfill';
import { reasons, type Reason } from '../../domain/reason.ts';

/**
 * A text that goes to a column of so many characters: counted as SQL Server does, in UTF-16 units, and without what it
 * cannot compare or keep.
 */
export function text(longest: number) {
  return z
    .string()
    .superRefine((given, context) => {
      const wrong = wrongWith(given, longest);
      if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
    })
    .openapi({ minLength: 1, maxLength: longest });
}

function wrongWith(given: string, longest: number): string | null {
  if (given === '') return 'must not be empty';
  if (given.length > longest) return `must be at most ${longest} characters (an emoji counts as two)`;
  if (given.includes('\0')) return 'must not contain the character NUL';
  return given.isWellFormed() ? null : 'must not contain halves of characters (lone surrogates)';
}

/** Why something is done by hand, for those who read it later. */
export const why = z
  .string()
  .trim()
  .refine((given) => given !== '', { error: 'must say why', abort: true })
  .pipe(text(400))
  .openapi({ type: 'string', minLength: 1, maxLength: 400, example: 'mudanza' });

/** A whole number in an address: digits alone, so that 1e2 or 0x10 is not taken for one. */
export function wholeNumber({
  least,
  most,
  error = `must be a whole number from ${least} to ${most}`,
}: {
  least: number;
  most: number;
  error?: string;
}) {
  return z
    .string()
    .refine(isWhole({ least, most }), error)
    .transform(Number)
    .openapi({ type: 'integer', minimum: least, maximum: most });
}

function isWhole({ least, most }: { least: number; most: number }) {
  return (given: string) => /^\d{1,16}$/.test(given) && Number(given) >= least && Number(given) <= most;
}

/** What an INT column holds. */
export const greatestInt = 2 ** 31 - 1;

/** cfg_Cod */
export const alertCode = text(50).openapi({ description: 'The code of the alert.', example: '000001' });
/** emp_Cod */
export const tenantCode = text(50).openapi({ description: 'emp_Cod', example: 'E01' });
const reasonCodes = Object.keys(reasons) as [Reason, ...Reason[]];

/** sch_Motivo, fal_Motivo, as they may be asked for. */
export const reasonCode = z
  .enum(reasonCodes, { error: `must be one of ${reasonCodes.join(', ')}` })
  .openapi({ description: 'A code of docs/errors.md.', example: 'webhook_fallo' });

/** can_Cod */
export const channelCode = text(50).openapi({ description: 'can_Cod', example: '0002' });

/** What SQL Server's DATETIMEOFFSET holds, with a year to spare for spans and offsets. */
const years = { first: 2, last: 9997 };

/** An instant in a request: ISO 8601 with its offset. A `+` that was not encoded arrives as a blank. */
export const instant = z
  .string()
  .transform((given, context) => {
    try {
      const read = Temporal.Instant.from(given.trim().replace(/ (?=\d\d:?\d\d$)/, '+'));
      const { year } = read.toZonedDateTimeISO('UTC');
      if (year >= years.first && year <= years.last) return read;
      context.addIssue({
        code: 'custom',
        message: `must lie between the years ${years.first} and ${years.last}`,
      });
      return z.NEVER;
    } catch {
      const message =
        'must be an instant with its offset, such as 2026-03-02T12:00:00-03:00 or 2026-03-02T15:00:00Z';
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    }
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-03-02T12:00:00-03:00' });

/** Of a list: how many at most. */
export const limit = wholeNumber({ least: 1, most: 1000 })
  .default(100)
  .openapi({ description: 'How many at most.', default: 100, example: 20 });

/** true or false in an address. */
export const yesOrNo = z
  .enum(['true', 'false'], { error: 'must be true or false' })
  .transform((given) => given === 'true')
  .openapi({ type: 'boolean', example: true });

/** Where a list goes on that is in the order of its numbers: `next` of the page before. */
export const cursor = cursorUpTo(greatestInt);

/** The same for numbers of a BIGINT column. */
export const longCursor = cursorUpTo(Number.MAX_SAFE_INTEGER);

function cursorUpTo(most: number) {
  return z
    .string()
    .refine(isWhole({ least: 0, most }), 'must be what `next` of the page before said')
    .transform(Number)
    .openapi({
      type: 'string',
      pattern: '^[0-9]+$',
      description: 'Where to go on: `next` of the page before.',
      example: '4711',
    });
}

/** Of a list in the order of time: a time, and how many of that very time were shown already. */
export const agendaCursor = z
  .string()
  .transform((given, context) => {
    const [, time = '', shown = ''] = /^([^/]+)\/(\d{1,6})$/.exec(given) ?? [];
    const at = instant.safeParse(time);
    if (at.success) return { at: at.data, shown: Number(shown) };
    context.addIssue({ code: 'custom', message: 'must be what `next` of the page before said' });
    return z.NEVER;
  })
  .openapi({
    type: 'string',
    description: 'Where to go on: `next` of the page before, with the same `to`.',
    example: '2026-03-02T15:49:00Z/2',
  });

/** Of the answer to a list with a cursor. */
export const next = z
  .string()
  .nullable()
  .openapi({ description: 'Where to go on with `cursor`; null at the end.' });

/** An instant in an answer. */
export const time = z.string().openapi({ format: 'date-time', example: '2026-03-02T15:49:00Z' });

/** When an alert fires or fired: an instant with the offset of the tenant’s zone. */
export const occurrenceTime = z
  .string()
  .openapi({ format: 'date-time', example: '2026-03-02T12:49:00-03:00' });
