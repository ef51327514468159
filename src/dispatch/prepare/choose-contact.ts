import { z } from 'zod';
import type { ChannelCode } from '../../domain/channel.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Contact, Person } from './lookup-recipients.ts';

/** `destination`: a phone number in E.164 or a mail address. */
export type ContactChoice =
  | { kind: 'usable'; destination: string }
  | { kind: 'unusable'; reason: Extract<Reason, 'sin_contacto' | 'contacto_invalido'>; detail: string }
  /** Nobody's contact can be read before a row of ours is mended. */
  | { kind: 'misconfigured'; detail: string };

interface Reader {
  /** Null for what is not valid. */
  normalise: (text: string) => string | null;
  knowsCountry: boolean;
}

const columns = { '0001': 'Tcon_Celular', '0002': 'Tcon_Email', '0003': 'Tcon_Celular' } as const;

/**
 * Where a person is reached on a channel: at the contact given (and nowhere else), or at the usable contact with the
 * lowest code. `country` (ISO 3166 alpha-2) is that of phone numbers written without a country code. `detail` does not
 * say whose it is: whoever shows it names the person beside it.
 */
export async function chooseContact(
  person: Person,
  channel: ChannelCode,
  contactCode: string | null,
  country: string,
): Promise<ContactChoice> {
  const contacts =
    contactCode === null
      ? byCode(person)
      : person.contacts.filter(({ code }) => isSameCode(code, contactCode));
  if (contactCode !== null && contacts.length === 0) {
    return unusable('sin_contacto', `No tiene el contacto ${contactCode}.`);
  }
  const { normalise, knowsCountry } = channel === '0002' ? mails : await phonesOf(country);
  const filled = contacts.filter((contact) => valueOf(contact, channel) !== '');
  for (const contact of filled) {
    const destination = normalise(valueOf(contact, channel));
    if (destination !== null) return { kind: 'usable', destination };
  }
  const column = columns[channel];
  const [first] = filled;
  if (first === undefined) return unusable('sin_contacto', `No tiene ${column} cargado.`);
  if (!knowsCountry) {
    return { kind: 'misconfigured', detail: unknownCountry(country) };
  }
  const which =
    filled.length === 1 ? `en el contacto ${first.code}` : `en ninguno de sus ${filled.length} contactos`;
  return unusable('contacto_invalido', `No tiene un ${column} válido ${which}.`);
}

export type ChooseContact = typeof chooseContact;

/** What is wrong with a country; null = nothing. */
export async function countryFault(country: string): Promise<string | null> {
  return (await phonesOf(country)).knowsCountry ? null : unknownCountry(country);
}

function unknownCountry(country: string): string {
  return `emp_Pais «${country}» no es un país: dos letras, como AR.`;
}

function unusable(reason: 'sin_contacto' | 'contacto_invalido', detail: string): ContactChoice {
  return { kind: 'unusable', reason, detail };
}

/** As SQL Server compares them: without case and trailing spaces. */
function isSameCode(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

function byCode(person: Person): readonly Contact[] {
  return person.contacts.toSorted((a, b) => (a.code < b.code ? -1 : Number(a.code > b.code)));
}

function valueOf(contact: Contact, channel: ChannelCode): string {
  return ((channel === '0002' ? contact.mail : contact.phone) ?? '').trim();
}

const mailAddress = z.email().max(320);

function normaliseMail(text: string): string | null {
  return mailAddress.safeParse(text).success ? text : null;
}

const mails: Reader = { normalise: normaliseMail, knowsCountry: true };

/**
 * Without a country only numbers with a country code are read. The library is loaded with the first phone number: a
 * process that only sends mail never pays for it.
 */
async function phonesOf(country: string): Promise<Reader> {
  const { isSupportedCountry, parsePhoneNumberFromString } = await import('libphonenumber-js');
  const region = country.toUpperCase();
  const known = isSupportedCountry(region) ? region : undefined;
  const normalise = (text: string) => {
    const number = parsePhoneNumberFromString(text, known ? { defaultCountry: known, extract: false } : {});
    if (number === undefined || !number.isValid()) return null;
    return isArgentineWithoutNine(number) ? `+549${number.nationalNumber}` : number.number;
  };
  return { normalise, knowsCountry: known !== undefined };
}

/**
 * Argentine mobiles have a 9 after the country code, which people leave out. The column is that of the mobile phone, so
 * a number without it is a mobile all the same (and without the 9 WhatsApp does not find it).
 */
function isArgentineWithoutNine(number: { countryCallingCode: string; nationalNumber: string }): boolean {
  return number.countryCallingCode === '54' && number.nationalNumber.length === 10;
}
