import { describe, expect, test } from 'vitest';
import { readQueryParameters } from '../../../../src/dispatch/prepare/query-parameters.ts';

describe('the values of qry_Parametros', () => {
  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['-9007199254740991', -9_007_199_254_740_991],
    ['1500.55', 1500.55],
    ['0.1', 0.1],
    ['1e-9', 1e-9],
    ['"30712345678901234567"', '30712345678901234567'],
    ['"it\'s \\"quoted\\""', 'it\'s "quoted"'],
    ['"2026-03-02"', '2026-03-02'],
    ['""', ''],
    ['false', false],
    ['null', null],
  ])('%s is taken as it is', (json, value) => {
    expect(readQueryParameters(`{"x": ${json}}`)).toEqual({ kind: 'parameters', parameters: { x: value } });
  });

  test.each(['9007199254740993', '30712345678901234567', '1e300', '-9007199254740992'])(
    '%s would lose digits: it is refused, and the way out is said',
    (json) => {
      expect(readQueryParameters(`{"@cuenta": ${json}}`)).toEqual({
        kind: 'invalid',
        detail:
          'qry_Parametros: «@cuenta» tiene más dígitos de los que admite un número; póngalo entre comillas.',
      });
    },
  );

  test.each(['1e400', '{}', '[]'])('%s is no plain value', (json) => {
    expect(readQueryParameters(`{"x": ${json}}`)).toMatchObject({ kind: 'invalid' });
  });
});

test.each(['empresa', 'ALERTA', '@fecha', '@Ocurrencia', 'persona', 'perfil'])(
  'the name %s is the product’s own',
  (name) => {
    expect(readQueryParameters(JSON.stringify({ [name]: 1 }))).toEqual({
      kind: 'invalid',
      detail: `qry_Parametros: «${name}» ya lo da el sistema; use otro nombre.`,
    });
  },
);

test.each(['@@x', '', '@', '1x', 'a-b', "a'b", 'a]b', 'x'.repeat(128)])('%j is no name', (name) => {
  expect(readQueryParameters(JSON.stringify({ [name]: 1 }))).toMatchObject({
    kind: 'invalid',
    detail: expect.stringContaining('no es un nombre de parámetro'),
  });
});
