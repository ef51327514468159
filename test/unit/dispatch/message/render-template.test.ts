import { describe, expect, test } from 'vitest';
import { renderMessage, type TemplateData } from '../../../../src/dispatch/message/render-template.ts';
import type { QueryRows } from '../../../../src/dispatch/prepare/run-query.ts';

const filas: QueryRows = {
  columns: [
    { name: 'cliente' },
    { name: 'Saldo final' },
    { name: 'total', scale: 2 },
    { name: 'límite', scale: 2 },
    { name: 'vence' },
    { name: 'nota' },
    { name: 'empresa' },
  ],
  rows: [
    {
      cliente: 'López & Hijos <SRL>',
      'Saldo final': 10,
      total: 1500.5,
      límite: 900,
      vence: '2026-03-02',
      nota: null,
      empresa: 'E9',
    },
    {
      cliente: 'Otro',
      'Saldo final': 20,
      total: 3,
      límite: 1,
      vence: '2026-04-01',
      nota: 'x',
      empresa: 'E9',
    },
  ],
  truncated: false,
};

const data: TemplateData = {
  alerta: { codigo: '000001', nombre: 'Saldos', tipo: 'SALDO' },
  empresa: { codigo: 'E1', nombre: 'Acme S.A.' },
  destinatario: { codigo: 'P1', nombre: 'Ana', contacto: '+5491123456789' },
  ocurrencia: '2026-03-02T12:49:05-03:00',
  filas,
};

async function whatsapp(body: string, changes: Partial<TemplateData> = {}) {
  const rendered = await renderMessage({ subject: null, body }, '0001', { ...data, ...changes });
  return rendered.kind === 'rendered' ? rendered.text : rendered;
}

describe('what a template can say', () => {
  test.each([
    [
      'the data of the alert',
      '{{ alerta.codigo }} {{ empresa.nombre }} {{ destinatario.contacto }}',
      '000001 Acme S.A. +5491123456789',
    ],
    [
      'columns of the first row',
      '{{ cliente }}|{{ fila["Saldo final"] }}|{{ límite }}',
      'López & Hijos <SRL>|10|900.00',
    ],
    [
      'every row',
      '{% for f in filas %}{{ f.cliente }}={{ f.total }};{% endfor %}',
      'López & Hijos <SRL>=1500.50;Otro=3.00;',
    ],
    ['NULL as nothing', '[{{ nota }}]', '[]'],
    ['decimals compared as numbers', '{% if total > límite %}sí{% else %}no{% endif %}', 'sí'],
    ['decimals summed', '{{ filas | map: "total" | sum | numero: 2 }}', '1.503,50'],
    ['an object of ours as its name', '{{ destinatario }} de {{ empresa }}', 'Ana de Acme S.A.'],
    ['whether rows were left out', '{% if filas_cortadas %}hay más{% else %}todo{% endif %}', 'todo'],
  ])('%s', async (_, body, text) => {
    await expect(whatsapp(body)).resolves.toBe(text);
  });

  test('the names of ours are not taken by a column, which stays in `fila`', async () => {
    await expect(whatsapp('{{ empresa.codigo }} {{ fila.empresa }}')).resolves.toBe('E1 E9');
  });

  test('without rows the columns are there and empty', async () => {
    const empty = { filas: { ...filas, rows: [] } };
    await expect(whatsapp('[{{ cliente }}{cliente}] {{ filas.size }}', empty)).resolves.toBe('[] 0');
  });
});

describe('placeholders of the system before', () => {
  test.each([
    ['{cliente}', 'López & Hijos <SRL>'],
    ['{Saldo final} y {límite}', '10 y 900.00'],
    ['{empresa}', 'E9'],
    ['{destinatario.nombre} {alerta}', 'Ana Saldos'],
    [
      '{cliente} {{ cliente }} {% if total > 1 %}{vence}{% endif %}',
      'López & Hijos <SRL> López & Hijos <SRL> 2026-03-02',
    ],
    ['{% raw %}{cliente} {{ x }}{% endraw %}', '{cliente} {{ x }}'],
    ['{% comment %}{nadie}{% endcomment %}ok', 'ok'],
    ['{"a": {"b": 1}} {} { cliente } {1}', '{"a": {"b": 1}} {} { cliente } {1}'],
    ['p {color: red} .x{margin:0;padding:0}', 'p {color: red} .x{margin:0;padding:0}'],
    ['b{color:red}i{margin:0}', 'b{color:red}i{margin:0}'],
    ['b{color:#00f}i{margin:.5em}u{width:10%}', 'b{color:#00f}i{margin:.5em}u{width:10%}'],
    ['{', '{'],
    ['{cliente', '{cliente'],
    ['a {%- comment -%} {nadie} {%- endcomment -%} {vence}', 'a2026-03-02'],
    ['{%- raw -%}{cliente}{% endraw -%} {vence}', '{cliente}2026-03-02'],
    ['{{ "{cliente}" }}', '{cliente}'],
  ])('%s gives %s', async (body, text) => {
    await expect(whatsapp(body)).resolves.toBe(text);
  });

  test('one with a format of its own is refused rather than delivered as it stands', async () => {
    await expect(whatsapp('Debe {total:,.2f}')).resolves.toEqual({
      kind: 'invalid',
      detail:
        'pla_Cuerpo: «{total:,.2f}» lleva un formato: escriba {{ fila["total"] | numero: 2 }} o el filtro que necesite.',
    });
  });

  test.each(['{totl:,.2f}', '{totl:.2f}', '{totl:10d}', '{vense:%d/%m/%Y}'])(
    'so is %s, whose column is misspelled',
    async (body) => {
      await expect(whatsapp(body)).resolves.toMatchObject({
        kind: 'invalid',
        detail: expect.stringContaining(`«${body}» lleva un formato`),
      });
    },
  );
});

describe('what does not exist is an error that names it', () => {
  test.each([
    ['Hola {{ clente }}', '«clente» no existe (línea 1)'],
    ['Hola\n{clente}', '«clente» no existe (línea 2)'],
    ['{Saldo inicial}', '«Saldo inicial» no existe'],
    ['{{ destinatario.apellido }}', '«destinatario.apellido» no existe'],
    ['{% if clente %}x{% endif %}', '«clente» no existe'],
    [
      '{% for f in filas %}\n{% if true %}{{ f.nada }}{% endif %}{% endfor %}',
      '«f.nada» no existe (línea 2)',
    ],
    ['{{ constructor }}', '«constructor» no existe'],
    ['{{ cliente.toString }}', '«cliente.toString» no existe'],
    ['{{ cliente | mayuscula }}', 'el filtro «mayuscula» no existe (línea 1)'],
    ['{{ "now" | date: "%Y" }}', 'el filtro «date» no existe'],
    ['{{ cliente', '«{{ cliente» no se cierra'],
    ['{% if total > 1 %}', '«{% if total > 1 %}» no se cierra'],
    ['{% include "/etc/passwd" %}', 'la etiqueta «include» no existe'],
    ['{% render "x" %}', 'la etiqueta «render» no existe'],
    ['{% layout "x" %}', 'la etiqueta «layout» no existe'],
    ['{{ cliente | moneda }}', 'moneda: «López & Hijos <SRL>» no es un número (línea 1)'],
    ['{{ cliente | fecha }}', 'no es una fecha como 2026-03-02'],
    ['{{ filas | map: "clente" | join }}', '«clente» no existe'],
    ['{{ filas | sum: "totl" }}', '«totl» no existe'],
    ['{% assign s = filas | sort: "vense" %}', '«vense» no existe'],
    ['{% assign s = filas | where: "clente", "Otro" %}', '«clente» no existe'],
    ['{{ total | divided_by: 0 }}', 'una cuenta no da un número'],
  ])('%s', async (body, detail) => {
    await expect(whatsapp(body)).resolves.toEqual({
      kind: 'invalid',
      detail: expect.stringContaining(detail),
    });
  });

  test('and the names that do exist are listed', async () => {
    await expect(whatsapp('{{ clente }}')).resolves.toHaveProperty(
      'detail',
      expect.stringContaining('cliente'),
    );
  });
});

describe('escaping', () => {
  test('e-mail bodies are HTML, their subjects one plain line', async () => {
    const template = {
      subject: ' Saldo de {cliente}\n{{ empresa }} ',
      body: '<b>{cliente}</b> {{ "<i>" | raw }}',
    };
    await expect(renderMessage(template, '0002', data)).resolves.toEqual({
      kind: 'rendered',
      subject: 'Saldo de López & Hijos <SRL> Acme S.A.',
      text: '<b>López &amp; Hijos &lt;SRL&gt;</b> <i>',
    });
  });

  test('a subject is one line, whatever its values hold', async () => {
    const row = { ...filas.rows[0], cliente: 'a\r\nBcc: b@example.com\u2028c\u0085d\u0000e\tf' };
    const rendered = await renderMessage({ subject: '{cliente}', body: 'x' }, '0002', {
      ...data,
      filas: { ...filas, rows: [row] },
    });
    expect(rendered).toHaveProperty('subject', 'a Bcc: b@example.com c d e f');
  });

  test('an error in the subject says so', async () => {
    await expect(renderMessage({ subject: '{nada}', body: 'x' }, '0002', data)).resolves.toHaveProperty(
      'detail',
      expect.stringMatching(/^pla_Asunto: «nada» no existe/),
    );
  });
});

describe('filters', () => {
  test.each([
    ['{{ total | moneda }}', '$ 1.500,50'],
    ['{{ -1500.5 | moneda }}', '-$ 1.500,50'],
    ['{{ total | moneda: "USD" }}', 'US$ 1.500,50'],
    ['{{ "1500.50" | moneda }}', '$ 1.500,50'],
    ['{{ 1234567.891 | numero }}', '1.234.567,891'],
    ['{{ 3 | numero: 2 }}', '3,00'],
    ['{{ 1234.56 | moneda }} {{ 1234567.5 | moneda: "eur" }}', '$ 1.234,56 EUR 1.234.567,50'],
    ['{{ 0.005 | moneda }} {{ -0.001 | numero: 2 }}', '$ 0,01 -0,00'],
    ['{{ "2024-02-29" | fecha: "escrita" }}', '29 de febrero de 2024'],
    ['{{ "2026-12-31T23:59:59-03:00" | fecha }}', '31/12/2026'],
    ['{{ vence | fecha }}', '02/03/2026'],
    ['{{ vence | fecha: "corta" }}', '02/03'],
    ['{{ vence | fecha: "escrita" }}', '2 de marzo de 2026'],
    ['{{ vence | fecha: "larga" }}', 'lunes, 2 de marzo de 2026'],
    ['{{ vence | fecha: "mes" }}', 'marzo de 2026'],
    ['{{ vence | fecha: "dia" }}', 'lunes'],
    ['{{ ocurrencia | fecha }} {{ ocurrencia | hora }}', '02/03/2026 12:49'],
    ['{{ ocurrencia | hora: "segundos" }}', '12:49:05'],
    ['{{ "2026-03-02T23:59:59.999" | fecha }}', '02/03/2026'],
    ['{{ "09:05:00" | hora }}', '09:05'],
    ['[{{ nota | moneda }}{{ nota | fecha }}{{ nota | hora }}{{ nota | numero }}]', '[]'],
  ])('%s gives %s', async (body, text) => {
    await expect(whatsapp(body)).resolves.toBe(text);
  });

  test.each([
    '{{ total | moneda: "pesos" }}',
    '{{ total | numero: -1 }}',
    '{{ vence | fecha: "yyyy" }}',
    '{{ vence | hora: "x" }}',
    '{{ "31/12/2026" | fecha }}',
    '{{ "2026-02-30" | fecha }}',
    '{{ "1.234,56" | moneda }}',
    '{{ "Infinity" | numero }}',
    '{{ filas | moneda }}',
  ])('%s is refused', async (body) => {
    await expect(whatsapp(body)).resolves.toHaveProperty('kind', 'invalid');
  });
});
