import { describe, expect, test } from 'vitest';
import { chooseContact } from '../../../../src/dispatch/prepare/choose-contact.ts';
import type { Contact, Person } from '../../../../src/dispatch/prepare/lookup-recipients.ts';

function person(...contacts: Partial<Contact>[]): Person {
  return {
    code: 'P1',
    name: 'Ana Ruiz',
    contacts: contacts.map((contact, index) => ({
      code: `0${index + 1}`,
      phone: null,
      mail: null,
      ...contact,
    })),
  };
}

describe('a phone number becomes E.164', () => {
  test.each([
    ['5491123456789', 'AR', '+5491123456789'],
    ['+54 9 11 2345-6789', 'AR', '+5491123456789'],
    ['011 15-2345-6789', 'AR', '+5491123456789'],
    ['11 2345 6789', 'AR', '+5491123456789'],
    ['(0341) 15 555-1234', 'AR', '+5493415551234'],
    ['00 54 9 11 2345 6789', 'AR', '+5491123456789'],
    ['+598 94 123 456', 'AR', '+59894123456'],
    ['011 2345-6789', 'ar', '+5491123456789'],
    ['099 123 456', 'UY', '+59899123456'],
    ['9 8765 4321', 'CL', '+56987654321'],
    ['0981 123456', 'PY', '+595981123456'],
    ['(11) 98765-4321', 'BR', '+5511987654321'],
    ['55 1234 5678', 'MX', '+525512345678'],
    ['612 34 56 78', 'ES', '+34612345678'],
    ['+54 9 11 2345 6789', 'UY', '+5491123456789'],
    ['+1 415 555 2671', 'XX', '+14155552671'],
  ])('%s in %s', async (phone, country, destination) => {
    await expect(chooseContact(person({ phone }), '0001', null, country)).resolves.toEqual({
      kind: 'usable',
      destination,
    });
  });

  test.each([
    '12',
    'no tiene',
    '+54 9 11',
    '1123456789 / 1123456780',
    '99999999999999',
    '11 2345 6789 int 4 o 5',
  ])('not %s', async (phone) => {
    await expect(chooseContact(person({ phone }), '0003', null, 'AR')).resolves.toMatchObject({
      kind: 'unusable',
      reason: 'contacto_invalido',
    });
  });
});

test.each([
  ['ana@example.com', true],
  ['  ana.ruiz+x@sub.example.com.ar ', true],
  ['ana', false],
  ['ana@', false],
  ['ana@localhost', false],
  ['ana@example.com; otro@example.com', false],
  ['Ana <ana@example.com>', false],
  [`${'a'.repeat(320)}@example.com`, false],
])('the mail address %s is usable: %s', async (mail, usable) => {
  const choice = await chooseContact(person({ mail }), '0002', null, 'AR');
  expect(choice.kind === 'usable' && choice.destination).toBe(usable && mail.trim());
});

test('without a contact given, the usable one with the lowest code is taken, whatever their order', async () => {
  const ana = person(
    { code: '03', mail: 'c@example.com' },
    { code: '01', mail: 'roto' },
    { code: '02', mail: 'b@example.com' },
  );
  await expect(chooseContact(ana, '0002', null, 'AR')).resolves.toEqual({
    kind: 'usable',
    destination: 'b@example.com',
  });
});

test('a national number in a country that there is not is the fault of the company’s row', async () => {
  await expect(chooseContact(person({ phone: '11 2345 6789' }), '0001', null, 'XX')).resolves.toEqual({
    kind: 'misconfigured',
    detail: 'emp_Pais «XX» no es un país: dos letras, como AR.',
  });
  await expect(chooseContact(person({}), '0001', null, 'XX')).resolves.toMatchObject({
    reason: 'sin_contacto',
  });
});

test('a contact given is the only one that counts, in whatever case it is written', async () => {
  const ana = person({ code: 'C1', mail: 'a@example.com' }, { code: '02', mail: 'roto' });
  await expect(chooseContact(ana, '0002', 'c1 ', 'AR')).resolves.toMatchObject({
    destination: 'a@example.com',
  });
  await expect(chooseContact(ana, '0002', '02', 'AR')).resolves.toEqual({
    kind: 'unusable',
    reason: 'contacto_invalido',
    detail: 'No tiene un Tcon_Email válido en el contacto 02.',
  });
  await expect(chooseContact(ana, '0002', '09', 'AR')).resolves.toEqual({
    kind: 'unusable',
    reason: 'sin_contacto',
    detail: 'No tiene el contacto 09.',
  });
});

test('a person whose columns are empty has no contact, and the column is named', async () => {
  await expect(chooseContact(person({ phone: '  ' }, {}), '0001', null, 'AR')).resolves.toEqual({
    kind: 'unusable',
    reason: 'sin_contacto',
    detail: 'No tiene Tcon_Celular cargado.',
  });
});

test('no detail shows the number or address', async () => {
  const choice = await chooseContact(person({ phone: '4455-66' }, { phone: '4455-67' }), '0001', null, 'AR');
  expect(JSON.stringify(choice)).not.toContain('4455');
});
