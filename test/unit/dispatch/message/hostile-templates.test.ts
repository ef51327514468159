import { describe, expect, test } from 'vitest';
import { renderMessage, type TemplateData } from '../../../../src/dispatch/message/render-template.ts';

const rows = Array.from({ length: 1000 }, (_, index) => ({
  cliente: `C${index}`,
  total: index,
  nota: index === 0 ? '<script'.repeat(30_000) : 'x'.repeat(1000),
}));

const data: TemplateData = {
  alerta: { codigo: '000001', nombre: 'Saldos', tipo: 'SALDO' },
  empresa: { codigo: 'E1', nombre: 'Acme' },
  destinatario: { codigo: 'P1', nombre: 'Ana', contacto: '+5491123456789' },
  ocurrencia: '2026-03-02T12:49:05-03:00',
  filas: {
    columns: [{ name: 'cliente' }, { name: 'total', scale: 2 }, { name: 'nota' }],
    rows,
    truncated: false,
  },
};

async function whatsapp(body: string) {
  const rendered = await renderMessage({ subject: null, body }, '0001', data);
  return rendered.kind === 'rendered' ? rendered.text : rendered.detail;
}

const doubling = (grow: string): string => `{% assign s = fila.nota %}${grow.repeat(40)}{{ s | size }}`;
const wide = (filters: string): string =>
  `{% assign s = "jabcdefghi" %}${'{% assign s = s | append: s %}'.repeat(18)}{{ s | ${filters} | size }}`;

/** The whole of it in one step of the processor: none may keep the others waiting for a second. */
describe('a template that grows or works without end is refused at once', () => {
  const tooMuch = 'el texto necesita demasiada memoria';
  const tooLong = 'el texto pasa los 262144 caracteres';
  const tooManyTags = 'tiene más de 5000 etiquetas';
  test.each([
    ['a loop over a huge range', '{% for i in (1..100000000) %}x{% endfor %}', tooMuch],
    ['a table over a huge range', '{% tablerow i in (1..9000000) %}x{% endtablerow %}', tooMuch],
    ['a text doubled by append', doubling('{% assign s = s | append: s %}'), tooMuch],
    ['a text doubled by capture', doubling('{% capture s %}{{ s }}{{ s }}{% endcapture %}'), tooMuch],
    [
      'a text grown by capture within the length of a string',
      `{% assign s = fila.nota %}${'{% capture s %}{{ s }}{{ s }}{% endcapture %}'.repeat(5)}{{ s | size }}`,
      tooMuch,
    ],
    ['a text grown by replace', doubling('{% assign s = s | replace: "s", s %}'), tooMuch],
    ['a text grown by escaping', doubling('{% assign s = s | escape | url_encode %}'), tooMuch],
    ['a list doubled', doubling('{% assign s = s | concat: s %}'), tooMuch],
    ['a long list to be sorted', wide('split: "" | sort_natural'), tooMuch],
    ['10 MB of output', '{% for f in filas %}{{ fila.nota }}{% endfor %}', tooLong],
    ['10 MB of output without a value', `{% for i in (1..99000) %}${'x'.repeat(100)}{% endfor %}`, tooLong],
    ['a million characters', 'x'.repeat(1_000_000), 'la plantilla pasa los 262144 caracteres'],
    ['too many values', '{{ 1 }}'.repeat(37_000), tooManyTags],
    ['too many braces', '{'.repeat(262_144), tooManyTags],
    ['too many tags that are not closed', '{%'.repeat(131_000), tooManyTags],
    ['too many tags of many lines', `{% liquid\n${'assign x = 1\n'.repeat(20_000)}%}`, tooManyTags],
    ['braces that are not closed', `${'{'.repeat(4000)}${'x{ '.repeat(80_000)}`, 'no se cierra'],
    ['placeholders that are not closed', '{a'.repeat(131_000), tooManyTags],
    ['blanks', `{{ a${' '.repeat(260_000)}`, 'no se cierra'],
    ['a raw block that is not closed', `{% raw %}${'{% endraw '.repeat(4900)}`, 'no se cierra'],
    ['blocks without an end', '{% if true %}'.repeat(4000), 'demasiados niveles'],
    ['brackets within brackets', `{{ a${'[a'.repeat(20_000)}${']'.repeat(20_000)} }}`, 'demasiados niveles'],
  ])('%s', async (_, body, detail) => {
    await expect(whatsapp(body)).resolves.toContain(detail);
  });

  test('texts on which a regular expression may explode are no trouble', async () => {
    const blanks = `{% assign s = " " %}${'{% assign s = s | append: s %}'.repeat(17)}`;
    await expect(whatsapp('{{ fila.nota | strip_html | size }}')).resolves.toBe('210000');
    await expect(
      whatsapp(`${blanks}{{ s | append: "x" | squish }}{{ s | strip_html | strip }}`),
    ).resolves.toBe('x');
  });
});

describe('a template that only works', () => {
  test.each([
    [
      'loops within loops',
      '{% for a in filas %}{% for b in filas %}{% for c in filas %}{% endfor %}{% endfor %}{% endfor %}',
    ],
    [
      'a filter of expressions',
      '{% assign x = filas | where_exp: "f", "filas | where_exp: \'g\', \'g.nota contains f.nota\'" %}',
    ],
  ])('is stopped after a second of work, and the others have their turn meanwhile: %s', async (_, body) => {
    const finished: string[] = [];
    const slow = whatsapp(body).then((detail) => finished.push(detail));
    for (let count = 0; count < 20; count++) finished.push(await whatsapp('{{ cliente }}'));
    await slow;
    expect(finished.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'C0'));
    expect(finished[20]).toContain('más de un segundo de trabajo');
  });
});

describe('nothing but the data can be reached', () => {
  test.each([
    ['{{ __proto__ }}', '«__proto__» no existe'],
    ['{{ fila.__proto__ }}', '«fila.__proto__» no existe'],
    ['{{ fila["constructor"]["constructor"] }}', '«fila.constructor» no existe'],
    ['{{ alerta.constructor.prototype }}', '«alerta.constructor» no existe'],
    ['{{ total.constructor }}', '«total.constructor» no existe'],
    ['{{ total.valueOf }}', '«total.valueOf» no existe'],
    ['{{ filas | map: "constructor" | join }}', '«constructor» no existe'],
    ['{{ filas | where: "__proto__" | size }}', '«__proto__» no existe'],
    ['{{ filas | group_by: "constructor" | size }}', '«constructor» no existe'],
    ['{{ filas | sum: "__proto__" }}', '«__proto__» no existe'],
    ['{{ total.__proto__.__proto__.__proto__.constructor }}', '«total.__proto__» no existe'],
    ['{% for f in filas %}{{ forloop.constructor }}{% endfor %}', '«forloop.constructor» no existe'],
    ['{% assign x = filas | where: "total.constructor" %}', '«total.constructor» no existe'],
    ['{__proto__}', '«__proto__» no existe'],
    ['{constructor}', '«constructor» no existe'],
    ['{% include "/etc/passwd" %}', 'la etiqueta «include» no existe'],
    ['{% render "./render-template.ts" %}', 'la etiqueta «render» no existe'],
    ['{% layout "x" %}', 'la etiqueta «layout» no existe'],
    ['{% liquid\ninclude "x"\n%}', 'la etiqueta «include» no existe'],
  ])('%s', async (body, detail) => {
    await expect(whatsapp(body)).resolves.toContain(detail);
  });

  test('and what a template writes stays its own', async () => {
    const body =
      '{% assign __proto__ = "x" %}{% capture constructor %}y{% endcapture %}{% increment toString %}';
    await whatsapp(body);
    expect(Object.keys(Object.prototype)).toEqual([]);
    await expect(whatsapp('{{ constructor }}')).resolves.toContain('«constructor» no existe');
  });
});
