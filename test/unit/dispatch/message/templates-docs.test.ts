import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { renderMessage, type TemplateData } from '../../../../src/dispatch/message/render-template.ts';

const page = readFileSync(new URL('../../../../docs/templates.md', import.meta.url), 'utf8');

const data: TemplateData = {
  alerta: { codigo: '000001', nombre: 'Saldos', tipo: 'SALDO' },
  empresa: { codigo: 'E1', nombre: 'Acme S.A.' },
  destinatario: { codigo: 'P1', nombre: 'Ana', contacto: '+5491123456789' },
  ocurrencia: '2026-03-02T12:49:05-03:00',
  filas: {
    columns: [
      { name: 'cliente' },
      { name: 'total', scale: 2 },
      { name: 'saldo', scale: 2 },
      { name: 'vence' },
      { name: 'Saldo final' },
    ],
    rows: [
      { cliente: 'López & Hijos', total: 1500.5, saldo: 20, vence: '2026-03-02', 'Saldo final': 7 },
      { cliente: 'Otro', total: 3, saldo: 1234.56, vence: '2026-04-01', 'Saldo final': 8 },
    ],
    truncated: false,
  },
};

async function rendered(body: string): Promise<string> {
  const message = await renderMessage({ subject: null, body }, '0001', data);
  return message.kind === 'rendered' ? message.text : message.detail;
}

describe('the page for those who write templates', () => {
  const lines = page.matchAll(/^\| `(?<template>\{\{.*\}\})` +\| `(?<text>.*)` +\|$/gm);
  const examples = [...lines].map(({ groups }) => [groups?.['template'] ?? '', groups?.['text'] ?? '']);

  test('has an example of every filter that is ours', () => {
    const used = new Set(examples.map(([template]) => /\\\| (\w+)/.exec(template ?? '')?.[1]));
    expect(used).toEqual(new Set(['moneda', 'numero', 'fecha', 'hora']));
    expect(examples.length).toBeGreaterThanOrEqual(13);
  });

  test.each(examples)('%s gives %s', async (template, text) => {
    await expect(rendered(template.replaceAll(String.raw`\|`, '|'))).resolves.toBe(text);
  });

  test('begins with a template that works', async () => {
    const [, template = ''] = /```liquid\n([\s\S]*?)```/.exec(page) ?? [];
    await expect(rendered(template)).resolves.toBe(
      'Hola Ana:\nTiene 2 vencimientos:\n- López & Hijos: $ 20,00 vence el 02/03/2026\n- Otro: $ 1.234,56 vence el 01/04/2026\n\n',
    );
  });

  test('names what every template can use', async () => {
    const [, table = ''] = /## What a template can use\n\n([\s\S]*?)\n\n/.exec(page) ?? [];
    const names = [...table.matchAll(/`([a-z_]+(?:\.[a-z]+)?)`/g)].map(([, name = '']) => name);
    expect(names).toEqual(expect.arrayContaining(['alerta.codigo', 'filas_cortadas', 'ocurrencia']));
    for (const name of names) await expect(rendered(`{{ ${name} }}`)).resolves.not.toContain('no existe');
  });
});
