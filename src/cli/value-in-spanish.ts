import type { z } from 'zod';
import type { ProblemDocument } from '../manage/contract/problem.ts';

type Value = NonNullable<z.output<typeof ProblemDocument>['values']>[number];

/** What is said most often of a value, and how an operator reads it; `$1` is what stood there. */
const wordings: readonly (readonly [RegExp, string])[] = [
  [/^must be one of (.+)$/, 'debe ser uno de estos: $1'],
  [/^must be a whole number from (\d+) to (\d+)$/, 'debe ser un número entero de $1 a $2'],
  [
    /^must be an instant with its offset, such as (\S+) or (\S+)$/,
    'debe ser una hora con su zona, como $1 o $2',
  ],
  [/^must be a date of the tenant’s calendar, such as (\S+)$/, 'debe ser una fecha, como $1'],
  [/^must be the number of an execution$/, 'de la ejecución debe ser un número'],
  [
    /^must be at most (\d+) characters \(.+\)$/,
    'debe tener $1 caracteres como máximo (un emoji cuenta por dos)',
  ],
  [/^must be at most (\d+) characters on one line$/, 'debe tener $1 caracteres como máximo, en una línea'],
  [/^must not be empty$/, 'no puede quedar vacío'],
  [/^must be what `next` of the page before said$/, 'debe ser lo que dijo la página anterior'],
  [/^must lie between the years (\d+) and (\d+)$/, 'debe estar entre los años $1 y $2'],
  [/^must be later than query\.from, which is (\S+)$/, 'debe ser posterior a --from, que es $1'],
  [/^must be a phone number, such as (\S+)$/, 'debe ser un teléfono, como $1'],
  [/^must be a mail address$/, 'debe ser una dirección de correo'],
  [/^is no destination of the channel$/, 'no sirve de destino en el canal de la alerta'],
  [/^must be the number of a fault$/, 'de la falla debe ser un número'],
  [/^must be what `next` of the answer before said$/, 'debe ser lo que dijo la página anterior'],
  [/^must say why$/, 'no puede quedar vacío'],
  [/^must lie in the future$/, 'debe estar en el futuro'],
  [/^must lie at most a year ahead$/, 'no puede estar a más de un año'],
  [
    /^is not the (?:tenant|channel) of the alert (.+); leave it out$/,
    'no es la de la alerta $1: no hace falta decirla',
  ],
  [/^is missing$/, 'falta'],
  [/^is not known here$/, 'no se conoce: quizá la aplicación es de otra versión'],
];

/** The names that the command line has for what the API calls otherwise. */
const names: Readonly<Record<string, string>> = {
  'query.date': 'la fecha',
  'query.alert': 'la alerta',
  'path.code': 'el código',
  'path.id': 'el número',
  'body.persons': '--person',
  'body.destination': '--to',
  'body.occurrence': '--at',
  'body.confirmRecipients': '--confirm-recipients',
};

/** What is wrong with a value, in Spanish as far as there are words for it, and named as the command line has it. */
export function valueInSpanish({ at, message }: Value): string {
  const [place = '', field = ''] = at.split('.');
  const isOption = place === 'query' || place === 'body';
  const name = names[`${place}.${field}`] ?? (isOption ? `--${field}` : at);
  for (const [pattern, spanish] of wordings)
    if (pattern.test(message)) return `${name} ${message.replace(pattern, spanish)}`;
  return `${name} ${message}`;
}
