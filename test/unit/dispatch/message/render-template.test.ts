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
    ['{{ cliente | mayuscula }}', 'undefined filter: mayuscula (línea 1)'],
    ['{{ "now" | date: "%Y" }}', 'undefined filter: date'],
    ['{{ cliente', 'not closed'],
    ['{% if total > 1 %}', 'not closed'],
    ['{% include "/etc/passwd" %}', '"include" not found'],
    ['{% render "x" %}', '"render" not found'],
    ['{% layout "x" %}', '"layout" not found'],
    ['{{ cliente | moneda }}', 'moneda: «López & Hijos <SRL>» no es un número (línea 1)'],
    ['{{ cliente | fecha }}', 'no es una fecha como 2026-03-02'],
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

test.each([
  ['memory', '{% for i in (1..100000000) %}x{% endfor %}', 'memory alloc limit exceeded'],
  ['output', '{% for i in (1..30000) %}0123456789{% endfor %}', 'pasa los 262144 caracteres'],
  ['source', 'x'.repeat(1_000_001), 'parse length limit exceeded'],
])('a template that grows without end is stopped: %s', async (_, body, detail) => {
  await expect(whatsapp(body)).resolves.toHaveProperty('detail', expect.stringContaining(detail));
});

test('a template that runs without end is stopped within seconds', async () => {
  const forever =
    '{% for i in (1..90000) %}{% for j in (1..90000) %}{% assign x = i %}{% endfor %}{% endfor %}';
  await expect(whatsapp(forever)).resolves.toHaveProperty('kind', 'invalid');
}, 10_000);

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
    ['{{ vence | fecha }}', '02/03/2026'],
    ['{{ vence | fecha: "corta" }}', '02/03'],
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
  ])('%s is refused', async (body) => {
    await expect(whatsapp(body)).resolves.toHaveProperty('kind', 'invalid');
  });
});
