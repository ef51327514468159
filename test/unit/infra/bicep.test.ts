import { expect, test } from 'vitest';
import { bicepParser, faultsIn } from '../../../dev/infra/parse-bicep.ts';
import { asVariables, readTemplate } from '../../../dev/infra/read-template.ts';

const parse = await bicepParser();

test('what is no Bicep is found, with its place', () => {
  expect(faultsIn(parse("param name string = 'vigia'\n"))).toEqual([]);
  expect(faultsIn(parse("param name string = 'vigia\nvar a = [1, 2\n"))).not.toEqual([]);
  expect(faultsIn(parse('param name string\nresource store = {}\n'))).toContainEqual(
    expect.stringMatching(/^2:/),
  );
});

test('the values of a parameter file are read as those of variables', () => {
  const text = "using 'main.bicep'\n\nparam name = 'vigia'\nparam settings = {\n  SMTP_PORT: '25'\n}\n";
  const root = parse(asVariables(text));
  expect(faultsIn(root)).toEqual([]);
  expect(readTemplate(root).objects).toEqual(
    new Map([
      ['name', []],
      ['settings', ['SMTP_PORT']],
    ]),
  );
});

test('a template gives its parameters with what stands before them, its resources and its outputs', () => {
  const template = readTemplate(
    parse(`
@description('The password.')
@secure()
param password string

@minLength(1)
@maxLength(40)
param name string = 'x'

@allowed(['a-b', 'c'])
param kind string

@minValue(1)
@maxValue(20)
param count int = 2

resource store 'Microsoft.Storage/storageAccounts@2026-06-01' = { name: name }

output secret string = password
`),
  );
  const plain = {
    type: 'string',
    allowed: [],
    least: null,
    most: null,
    shortest: null,
    longest: null,
    standard: null,
    description: '',
    isSecure: false,
  };
  expect(template.parameters).toEqual([
    { ...plain, name: 'password', description: 'The password.', isSecure: true },
    { ...plain, name: 'name', shortest: 1, longest: 40, standard: "'x'" },
    { ...plain, name: 'kind', allowed: ['a-b', 'c'] },
    { ...plain, name: 'count', type: 'int', least: 1, most: 20, standard: '2' },
  ]);
  expect(template.resources).toEqual([
    { type: 'Microsoft.Storage/storageAccounts', apiVersion: '2026-06-01' },
  ]);
  expect(template.outputs).toEqual([' password']);
});

test('an object type gives the texts that a property takes', () => {
  const text = `
type settings = {
  @description('How.')
  MODE: ('' | 'a' | 'b/c')?

  @description('Where | when.')
  PLACE: string?
}
`;
  expect(readTemplate(parse(text)).choices).toEqual(new Map([['MODE', ['a', 'b/c']]]));
});
